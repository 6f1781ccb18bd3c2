import CNcurses
import ChatUI
import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The terminal on standard input and output, in full-screen mode: screens in, events out. One at a time.
///
/// Runs on the main actor; the main queue must be running for events to arrive, as it is below an asynchronous `main`.
/// Whoever opens it calls `close` on every way out; a crash or `exit` in between restores the terminal too. In the
/// background the process stops, as `top` does, until the shell brings it to the foreground.
@MainActor
public final class Terminal {
  public struct Options: Sendable {
    /// For the window; nil leaves it as it is.
    public var title: String?
    /// An open descriptor that standard error leads to while the terminal is open, so that nothing printed there tears
    /// the screen. Remains the caller's. Nil drops what is printed.
    public var standardError: Int32?

    public init(title: String? = nil, standardError: Int32? = nil) {
      self.title = title
      self.standardError = standardError
    }
  }

  /// What the person should know about their terminal, in one line; nil if all is well.
  public let warning: String?
  /// As of the latest `.resized`.
  public var size: Screen.Size { canvas.size }

  private static var isOpen = false

  private var state = State.open
  private var canvas: Canvas
  private let signals: SignalPipe
  private let standardError: StandardError
  private let hasTitle: Bool
  private let leaveSequence: [UInt8]
  private var title: String?
  private var input: TerminalInput?
  /// When the terminal was asked for its background; nil once it has answered.
  private var askedAt: ContinuousClock.Instant?
  /// Signals that arrived before there was somebody to tell.
  private var earlySignals: [Int32] = []

  private enum State {
    case open
    /// Somebody else has the terminal.
    case paused
    /// There is nothing at the other end.
    case hungUp
    case closed
  }

  /// Opens the terminal and clears the screen. Adopts the environment's locale for the whole process, and takes
  /// `LINES` and `COLUMNS` out of the environment, which would keep the size from changing.
  ///
  /// - Throws: `TerminalError`; the terminal is as it was.
  public init(_ options: Options = Options()) throws(TerminalError) {
    guard !Self.isOpen else { throw .alreadyOpen }
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    guard JobControl.waitForForeground() else { throw .inBackground }
    let localeWarning = CharacterSet.adopt()
    unsetenv("LINES")
    unsetenv("COLUMNS")
    // Before curses, which then leaves these signals alone.
    guard let signals = SignalPipe() else { throw .notATerminal }
    self.signals = signals
    // Before curses changes the modes.
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
    canvas = Canvas(
      size: Self.measure() ?? Screen.Size(rows: 24, columns: 80), usesColors: Self.wantsColors,
      background: Background.presumed(type: environment("TERM"), hint: environment("COLORFGBG")))
    Self.isOpen = true
    enter()
    canvas.draw(Screen(size: canvas.size))
    // Terminals that know titles take it for what it is.
    if hasTitle, canvas.hasColors {
      Modes.send(RGB.query)
      askedAt = .now
    }
  }

  /// Begins to deliver events, in order, on the main actor. To be called once.
  ///
  /// - Parameters:
  ///   - handler: takes one event. It may call any method of this terminal.
  ///   - batchEnded: called when nothing more is waiting: the moment to draw.
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
    // The first answer of some terminals is not yet the window's size.
    input.noteSignal(SIGWINCH)
  }

  /// Shows the screen: only what changed since the last one is sent, in one update. What exceeds the terminal is cut
  /// off. Does nothing while the terminal is paused or gone.
  public func draw(_ screen: Screen) {
    if mayWrite { canvas.draw(screen) }
  }

  /// Sends everything anew, in case something else has written on the screen.
  public func redraw() {
    if mayWrite { canvas.repaint() }
  }

  public func bell() {
    if mayWrite { swiftchat_curses_beep() }
  }

  /// Sets the window's title, if the terminal has one. The one from before returns with `close`, if one was set in
  /// the options.
  public func setTitle(_ text: String) {
    let isFirst = title == nil
    title = text
    guard hasTitle, mayWrite else { return }
    Modes.send((isFirst ? Modes.saveTitle : "") + Modes.title(text))
    if isFirst { guardAgainstCrashes() }
  }

  /// Gives the terminal back to the shell and stops the job, as Ctrl+Z does elsewhere; returns when it goes on in the
  /// foreground, or was told to end.
  public func suspend() {
    guard state == .open else { return }
    pause()
    swiftchat_stop_job(SIGTSTP)
    if waitForForeground() { resume() }
  }

  /// Gives the terminal to somebody else, such as an editor: its modes are as they were before, and nothing is read.
  public func pause() {
    guard state == .open else { return }
    state = .paused
    input?.pause()
    leave()
    // A crash has nothing to restore now.
    swiftchat_crash_guard_remove()
  }

  /// Takes the terminal back, draws the last screen anew, and reports a new size if there is one.
  public func resume() {
    guard state == .paused else { return }
    state = .open
    enter()
    canvas.repaint()
    input?.resume()
    input?.noteSignal(SIGWINCH)
  }

  /// Restores the terminal, standard error and the signals' handlers. No event arrives afterwards. May be called again.
  public func close() {
    guard state != .closed else { return }
    // In the background the terminal is the shell's, and so are its modes.
    let isOurs = state != .paused && JobControl.isForeground
    let isGone = state == .hungUp
    if isOurs, state == .open { leave() }
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
  /// Whether the terminal is this program's to write on, once it is in the foreground again.
  private var mayWrite: Bool {
    if state == .open, !JobControl.isForeground { stopInBackground() }
    return state == .open
  }

  /// The shell has the terminal, and did not ask: nothing is sent to it before it is back.
  private func stopInBackground() {
    guard state == .open else { return }
    state = .paused
    input?.pause()
    swiftchat_crash_guard_remove()
    guard waitForForeground() else { return }
    // Leaves, so that what was set before is not set, and saved, a second time.
    leave()
    resume()
  }

  /// Stops again and again as long as the job is in the background.
  /// - Returns: false if the program is to end instead: it was told to, or no shell can bring it to the foreground.
  private func waitForForeground() -> Bool {
    while true {
      // `kill` of a stopped job sends SIGTERM and SIGCONT, and another thread may still be busy with the former.
      if !JobControl.isForeground { signals.wait(milliseconds: 50) }
      // Its own SIGCONT needs no second repaint.
      let pending = signals.read().filter { $0 != SIGCONT }
      pending.forEach(note)
      if pending.contains(where: { [SIGTERM, SIGHUP, SIGINT].contains($0) }) { return false }
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
    // What came in the same moment as the end of it all is void.
    guard state == .open || state == .paused else { return }
    switch occurrence {
    case .event(.hungUp):
      state = .hungUp
      input?.pause()
      handler(.hungUp)
    case .event(let event): handler(event)
    case .signal(let number): takeSignal(number, handler)
    case .background(let color):
      askedAt = nil
      if mayWrite { canvas.adopt(background: color) }
    }
  }

  private func takeSignal(_ number: Int32, _ handler: @MainActor (TerminalEvent) -> Void) {
    switch number {
    case SIGWINCH:
      guard state == .open, let size = Self.measure(), size != canvas.size else { return }
      canvas.resize(to: size)
      handler(.resized(size))
    case SIGTSTP: suspend()
    case SIGTTIN, SIGTTOU: stopInBackground()
    case SIGCONT:
      // Somebody may have stopped the process without asking it, and the shell has changed the modes since.
      guard state == .open else { return }
      guard JobControl.isForeground else { return stopInBackground() }
      leave()
      enter()
      canvas.repaint()
    case SIGINT where state == .paused:
      // Meant for whoever has the terminal now.
      return
    default: handler(.terminated(signal: number))
    }
  }
}

// MARK: Opening

extension Terminal {
  /// - Returns: what to tell the person if the terminal is not the one that they named.
  private static func openCurses() throws(TerminalError) -> String? {
    let type = environment("TERM") ?? ""
    if swiftchat_curses_open(nil) { return nil }
    // Known, but unable: pretending otherwise would fill it with rubbish.
    if ["dumb", "emacs"].contains(type) { throw .incapable(type: type) }
    for substitute in ["xterm-256color", "xterm"] where substitute != type {
      if swiftchat_curses_open(substitute) {
        return "the terminal type \"\(type)\" is unknown on this system: it is treated as \(substitute)"
      }
    }
    throw .unknown(type: type)
  }

  private func enter() {
    guardAgainstCrashes()
    if hasTitle, let title { Modes.send(Modes.saveTitle + Modes.title(title)) }
    Modes.send(Modes.enter)
  }

  private func guardAgainstCrashes() {
    let reset = Modes.reset + Array((hasTitle && title != nil ? Modes.restoreTitle : "").utf8)
    swiftchat_crash_guard_install(STDOUT_FILENO, reset, reset.count)
  }

  private func leave() {
    awaitAnswer()
    swiftchat_curses_leave()
    Modes.send(leaveSequence)
    if hasTitle, title != nil { Modes.send(Modes.restoreTitle) }
  }

  /// The shell would take an answer that comes later for something typed.
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

  /// By the flag that stands for xterm's window operations, or by the way to write into the status line, which in the
  /// entries of others is the title.
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
