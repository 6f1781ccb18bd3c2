import CNcurses
import Dispatch
import Platform
import TerminalTypes

/// The terminal on standard input and output in full-screen mode: draws screens and delivers events. Only one can be
/// open at a time.
///
/// Runs on the main actor. The main queue must be running for events to arrive, as it is under an asynchronous `main`.
/// The owner must call `close` on every exit path; a crash or `exit` also restores the terminal. In the background the
/// process stops, like `top`, until the shell brings it to the foreground.
@MainActor
public final class Terminal {
  public struct TerminalOptions: Sendable {
    /// The window's title; nil leaves it unchanged.
    public var title: String?
    /// An open descriptor, owned by the caller, that receives standard error while the terminal is open, so that
    /// printed text does not corrupt the screen. Nil discards the output.
    public var standardError: Int32?
    public var theme: Theme
    public var colors: ColorOverrides
    public var hyperlinks: HyperlinkUse

    public init(
      title: String? = nil, standardError: Int32? = nil, theme: Theme = .auto,
      colors: ColorOverrides = ColorOverrides(),
      hyperlinks: HyperlinkUse = .off
    ) {
      self.title = title
      self.standardError = standardError
      self.theme = theme
      self.colors = colors
      self.hyperlinks = hyperlinks
    }
  }

  /// A warning about the terminal for the user, in one line; nil if there is none.
  public let warning: String?
  /// The size as of the last `.resized` event.
  public var size: Screen.Size { canvas.size }

  private static var isOpen = false

  private var state = State.open
  /// Whether the modes of `enter` are still set. A job that stops in the background keeps them: see `stopInBackground`.
  private var isFullScreen = false
  private var canvas: Canvas
  private let signals: SignalPipe
  private let standardError: StandardError
  private let hasTitle: Bool
  private let leaveSequence: [UInt8]
  private var title: String?
  private var theme: Theme
  private var colors: ColorOverrides
  /// The background colour of the terminal, as far as known.
  private var background: RGB?
  private var input: TerminalInput?
  /// The time of the query for the background colour; nil once it is answered.
  private var askedAt: ContinuousClock.Instant?
  private var usesMouse = false
  private var usesHyperlinks: Bool
  /// Whether another program has the terminal: see `pause`.
  private var isLent = false
  /// The number of times that this process was stopped together with the program that has the terminal.
  public private(set) var stopsWhilePaused = 0
  /// Signals that arrived before `start`.
  private var earlySignals: [Int32] = []

  private enum State {
    case open
    /// The terminal is released to another program.
    case paused
    /// The terminal is gone.
    case hungUp
    case closed
  }

  /// Opens the terminal and clears the screen. Adopts the environment's locale for the whole process, and removes
  /// `LINES` and `COLUMNS` from the environment, because they would fix the size.
  ///
  /// - Throws: `TerminalError`; the terminal is then unchanged.
  public init(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError) {
    guard !Self.isOpen else { throw .alreadyOpen }
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    guard JobControl.waitForForeground() else { throw .inBackground }
    let localeWarning = CharacterSet.adopt()
    unsetenv("LINES")
    unsetenv("COLUMNS")
    // Before curses, which does not replace handlers that are already set.
    guard let signals = SignalPipe() else { throw .notATerminal }
    self.signals = signals
    // Before curses changes the terminal modes, which the guard saves.
    swiftchat_crash_guard_install(STDOUT_FILENO, [], 0)
    let typeWarning: String?
    do {
      typeWarning = try Self.openCurses()
    } catch {
      swiftchat_crash_guard_remove()
      signals.restoreHandlers()
      signals.closeReadEnd()
      throw error
    }
    warning = localeWarning ?? typeWarning
    standardError = StandardError(redirectedTo: options.standardError)
    hasTitle = Self.hasTitle
    leaveSequence = Modes.leave
    title = options.title
    theme = options.theme
    colors = options.colors
    usesHyperlinks = Self.supports(options.hyperlinks)
    background = Background.presumed(type: environment("TERM"), hint: environment("COLORFGBG"))
    canvas = Canvas(
      size: Self.measure() ?? Screen.Size(rows: 24, columns: 80), usesColors: Self.wantsColors,
      background: Background.assumed(by: theme) ?? background, overrides: colors)
    Self.isOpen = true
    canvas.useHyperlinks(usesHyperlinks)
    enter()
    canvas.draw(Screen(size: canvas.size))
    // Only terminals with titles are known to parse the query as a control string.
    if hasTitle, canvas.hasColors {
      Modes.send(RGB.query)
      askedAt = .now
    }
  }

  /// Starts the delivery of events, in order, on the main actor. Must be called only once.
  ///
  /// - Parameters:
  ///   - handler: receives one event. It may call any method of this terminal.
  ///   - batchEnded: called after the last waiting event: the time to draw.
  public func start(
    _ handler: @escaping @MainActor (TerminalEvent) -> Void,
    batchEnded: @escaping @MainActor () -> Void = {}
  ) {
    guard input == nil, state == .open || state == .paused else { return }
    let input = TerminalInput(
      signals: signals,
      deliver: { [weak self] occurrences in
        swiftchat_crash_guard_cover_thread()
        for occurrence in occurrences { self?.take(occurrence, handler) }
        if self?.state != .closed { batchEnded() }
      })
    self.input = input
    if state == .paused { input.pause() }
    earlySignals.forEach(input.noteSignal)
    // Some terminals report a wrong size at first, so the size is checked again.
    input.noteSignal(SIGWINCH)
  }

  /// Draws the screen: sends only the changes since the last one, in one update. Content beyond the terminal's size is
  /// cut off. Does nothing while the terminal is paused or gone.
  public func draw(_ screen: Screen) {
    if mayWrite { canvas.draw(screen) }
  }

  /// Sends the whole screen again, in case another program has written to the terminal.
  public func redraw() {
    if mayWrite { canvas.repaint() }
  }

  /// Changes the colours, and redraws the last screen with them.
  public func setColors(_ theme: Theme, _ colors: ColorOverrides) {
    guard theme != self.theme || colors != self.colors else { return }
    (self.theme, self.colors) = (theme, colors)
    adoptBackground()
  }

  /// Changes whether links are sent as hyperlinks, and redraws the last screen.
  public func setHyperlinks(_ use: HyperlinkUse) {
    let isOn = Self.supports(use)
    guard isOn != usesHyperlinks else { return }
    usesHyperlinks = isOn
    if mayWrite { canvas.useHyperlinks(isOn) }
    if state == .open { guardAgainstCrashes() }
  }

  private static func supports(_ use: HyperlinkUse) -> Bool {
    switch use {
    case .auto: Hyperlink.isSupported(environment)
    case .on: true
    case .off: false
    }
  }

  /// Switches reports of the mouse on or off. While they are on, terminals select text only with Shift.
  public func useMouse(_ isOn: Bool) {
    guard isOn != usesMouse else { return }
    usesMouse = isOn
    if mayWrite { Modes.send(isOn ? Modes.useMouse : Modes.leaveMouse) }
  }

  private func adoptBackground() {
    if mayWrite { canvas.adopt(background: Background.assumed(by: theme) ?? background, overrides: colors) }
  }

  public func bell() {
    if mayWrite { swiftchat_curses_beep() }
  }

  /// Copies a text to the clipboard, if the terminal lets programs do so.
  public func copy(_ text: String) {
    if mayWrite, hasTitle { Modes.send(Modes.copy(text)) }
  }

  /// Shows a notification of the terminal, if the terminal has a window.
  public func notify(_ sequence: NotificationSequence, title: String, text: String) {
    guard sequence != .none, hasTitle, mayWrite else { return }
    let bytes = sequence.bytes(title: title, text: text)
    Modes.send(environment("TMUX") == nil ? bytes : NotificationSequence.wrappedForTmux(bytes))
  }

  /// Sets the window's title, if the terminal has one. `close` restores the previous title.
  public func setTitle(_ text: String) {
    let isFirst = title == nil
    title = text
    guard hasTitle, mayWrite else { return }
    Modes.send((isFirst ? Modes.saveTitle : "") + Modes.title(text))
    if isFirst { guardAgainstCrashes() }
  }

  /// Restores the terminal and stops the job, like Ctrl+Z in other programs. Returns when the job continues in the
  /// foreground, or receives a signal to end.
  public func suspend() {
    guard state == .open else { return }
    release()
    swiftchat_stop_job(SIGTSTP)
    if waitForForeground() { retake() }
  }

  /// Releases the terminal to another program of the same job, such as an editor: restores its modes and stops reading.
  /// The signals of the keyboard are then meant for that program, except that Ctrl+Z stops the whole job.
  public func pause() {
    guard state == .open else { return }
    isLent = true
    release()
    swiftchat_ignore_quit(true)
  }

  /// Takes the terminal back, redraws the last screen, and reports the size if it changed. In the background the job
  /// first stops until it is in the foreground. The terminal stays paused if a signal to end arrives meanwhile.
  public func resume() {
    guard state == .paused else { return }
    if isLent { swiftchat_ignore_quit(false) }
    isLent = false
    if JobControl.isForeground || waitForForeground() { retake() }
  }

  /// Stops the job, including the program that has the terminal, like Ctrl+Z. Returns when the job continues.
  /// - Returns: false if it was not stopped, because no shell could continue it.
  public func stopWhilePaused() -> Bool {
    guard state == .paused, isLent else { return false }
    stopsWhilePaused += 1
    return swiftchat_stop_job(SIGTSTP)
  }

  private func release() {
    state = .paused
    input?.pause()
    leave()
    // While paused, a crash has nothing to restore.
    swiftchat_crash_guard_remove()
  }

  private func retake() {
    state = .open
    enter()
    canvas.repaint()
    // The theme may have changed meanwhile.
    adoptBackground()
    canvas.useHyperlinks(usesHyperlinks)
    input?.resume()
    input?.noteSignal(SIGWINCH)
  }

  /// Restores the terminal, standard error and the signal handlers. No events are delivered afterwards. May be called
  /// again.
  public func close() {
    guard state != .closed else { return }
    // In the background, the terminal and its modes belong to the shell.
    let isOurs = isFullScreen && JobControl.isForeground
    let isGone = state == .hungUp
    if isOurs, !isGone { leave() }
    state = .closed
    swiftchat_crash_guard_remove()
    if isOurs { swiftchat_curses_close() } else { swiftchat_curses_abandon() }
    standardError.restore()
    signals.restoreHandlers(isTerminalGone: isGone)
    if let input { input.cancel() } else { signals.closeReadEnd() }
    Self.isOpen = false
  }
}

// MARK: Job control

extension Terminal {
  /// Whether the program may write to the terminal. In the background it first stops until it is in the foreground
  /// again.
  private var mayWrite: Bool {
    if state == .open, !JobControl.isForeground { stopInBackground() }
    return state == .open
  }

  /// Stops a job that was moved to the background without a request. Nothing is sent until it is in the foreground.
  private func stopInBackground() {
    guard state == .open else { return }
    state = .paused
    input?.pause()
    swiftchat_crash_guard_remove()
    guard waitForForeground() else { return }
    // Leaves first, so that modes and title are not set and saved twice.
    leave()
    retake()
  }

  /// Stops the job repeatedly while it is in the background.
  /// - Returns: false if the program should end: a signal requested it, or no shell can bring it to the foreground.
  private func waitForForeground() -> Bool {
    while true {
      // `kill` sends SIGTERM and SIGCONT to a stopped job: SIGTERM must be seen before the job stops again.
      let arrived = JobControl.isForeground ? signals.read() : signals.readAll()
      // The SIGCONT that ends this stop needs no repaint of its own.
      let pending = arrived.filter { $0 != SIGCONT }
      pending.forEach(note)
      if pending.contains(where: SignalPipe.end.contains) { return false }
      if JobControl.isForeground { return true }
      if !swiftchat_stop_job(SIGTTOU), !JobControl.isForeground {
        note(SIGHUP)
        return false
      }
    }
  }

  private func note(_ signal: Int32) {
    if let input { input.noteSignal(signal) } else { earlySignals.append(signal) }
  }
}

// MARK: Events

extension Terminal {
  private func take(_ occurrence: TerminalInput.Occurrence, _ handler: @MainActor (TerminalEvent) -> Void) {
    // Events that were read together with a hangup are dropped.
    guard state == .open || state == .paused else { return }
    switch occurrence {
    case .event(.hungUp):
      state = .hungUp
      input?.pause()
      handler(.hungUp)
    // Another program may have left reports on.
    case .event(.mouse) where !usesMouse || state == .paused: return
    case .event(let event): handler(event)
    case .signal(let number): takeSignal(number, handler)
    case .background(let color):
      askedAt = nil
      background = color
      adoptBackground()
    }
  }

  private func takeSignal(_ number: Int32, _ handler: @MainActor (TerminalEvent) -> Void) {
    switch number {
    case SIGWINCH:
      guard state == .open, let size = Self.measure(), size != canvas.size else { return }
      canvas.resize(to: size)
      handler(.resized(size))
    case SIGTSTP: if isLent { _ = stopWhilePaused() } else { suspend() }
    case SIGTTIN, SIGTTOU: stopInBackground()
    case SIGCONT:
      // The process may have been stopped with SIGSTOP, and the shell may have changed the modes.
      guard state == .open else { return }
      guard JobControl.isForeground else { return stopInBackground() }
      leave()
      enter()
      canvas.repaint()
    case SIGHUP where state == .open:
      // The terminal still works; if it is gone, reading from it reports that.
      handler(.reloadRequested)
    case SIGINT where state == .paused:
      // The signal is meant for the program that has the terminal.
      return
    default: handler(.terminated(signal: number))
    }
  }
}

// MARK: Opening

extension Terminal {
  /// - Returns: a warning for the user if another terminal type than `TERM` is used.
  private static func openCurses() throws(TerminalError) -> String? {
    let type = environment("TERM") ?? ""
    if swiftchat_curses_open(nil) { return nil }
    // These types are known but cannot move the cursor; a substitute would fill them with control sequences.
    if ["dumb", "emacs"].contains(type) { throw .incapable(type: type) }
    for substitute in ["xterm-256color", "xterm"] where substitute != type {
      if swiftchat_curses_open(substitute) {
        return "the terminal type \"\(type)\" is unknown on this system: it is treated as \(substitute)"
      }
    }
    throw .unknown(type: type)
  }

  private func enter() {
    isFullScreen = true
    guardAgainstCrashes()
    if hasTitle, let title { Modes.send(Modes.saveTitle + Modes.title(title)) }
    Modes.send(Modes.enter + (usesMouse ? Modes.useMouse : ""))
  }

  private func guardAgainstCrashes() {
    let reset =
      (usesHyperlinks ? Hyperlink.end : []) + Modes.reset
      + Array((hasTitle && title != nil ? Modes.restoreTitle : "").utf8)
    swiftchat_crash_guard_install(STDOUT_FILENO, reset, reset.count)
  }

  private func leave() {
    isFullScreen = false
    awaitAnswer()
    swiftchat_curses_leave()
    Modes.send(leaveSequence)
    if hasTitle, title != nil { Modes.send(Modes.restoreTitle) }
  }

  /// Waits up to 100 ms for an open query's answer: the shell would read a later one as typing.
  private func awaitAnswer() {
    guard let askedAt, ContinuousClock.now < askedAt + .milliseconds(500) else { return }
    self.askedAt = nil
    let deadline = ContinuousClock.now + .milliseconds(100)
    var buffer = [UInt8](repeating: 0, count: 256)
    while ContinuousClock.now < deadline {
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 20) > 0 else { continue }
      let count = systemRead(STDIN_FILENO, &buffer, buffer.count)
      guard count > 0, !CommandString.isEnd(buffer[..<count]) else { return }
    }
  }

  private static func measure() -> Screen.Size? {
    var rows: Int32 = 0
    var columns: Int32 = 0
    guard swiftchat_terminal_size(STDOUT_FILENO, &rows, &columns) else { return nil }
    return Screen.Size(rows: Int(rows), columns: Int(columns))
  }

  /// Detected by the `XT` flag for xterm's window operations, or by a status line sequence (`tsl`) that is an OSC,
  /// which sets the title.
  private static var hasTitle: Bool {
    let type = environment("TERM") ?? ""
    if let title = swiftchat_curses_capability("tsl"), String(cString: title).hasPrefix("\u{1b}]") { return true }
    return swiftchat_curses_flag("XT") || ["screen", "tmux", "rxvt"].contains { type.hasPrefix($0) }
  }

  /// See no-color.org.
  private static var wantsColors: Bool { (environment("NO_COLOR") ?? "").isEmpty }
}

/// - Returns: nil if the variable is not set.
func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
