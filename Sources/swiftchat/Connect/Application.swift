import ArgumentParser
import ChatClient
import ChatModel
import ChatProtocol
import ChatServer
import ChatUI
import CommandSupport
import Dispatch
import Platform
import Terminal

/// The running client: passes events from the terminal and the servers to the interface, carries out its commands, and
/// draws. It makes no decisions of its own.
@MainActor
final class Application {
  struct Options {
    /// The servers to connect to at the start, with the user's name there; never empty. The first one is shown.
    var servers: [ServerStart]
    /// The user's name at servers for which neither the command line nor the settings name one.
    var usualName: Nickname
    /// The name that the user gave on the command line, until a server has accepted a name that the user chose.
    var givenName: Nickname?
    /// The user's key; nil if there is none.
    var identity: Identity?
    /// Warnings to show at the start.
    var warnings: [String] = []
    /// Whether to offer hosting if nothing listens at the first server's address.
    var offersHost: Bool
    var files: UserFiles
    var settings: ClientSettingsFollower
    /// The style of printed lines; nil for a client with a screen.
    var lineStyle: LineStyle?
    /// Whether a user types at a terminal.
    var isInteractive = true
    /// The file to record to; nil for none.
    var recording: String?
    /// Whether the letters of recorded texts are replaced.
    var isBlanked = false
    /// The descriptor for the log of a hosted server; nil for no log.
    var log: Int32?
  }

  /// A server to connect to.
  struct ServerStart {
    var link: ShareLink
    var name: Nickname
  }

  var options: Options
  let display: any Display
  /// Decides when a client without a screen ends; nil for a screen.
  var lineRun: LineRun?
  var lineTimer: (any DispatchSourceTimer)?
  /// The time limit has passed, and its effect waits for the reader of the output.
  var isLineTimerDue = false
  /// The reason why a client without a screen ends.
  var end: ScriptEnd?
  private var outputFailure: Failure?
  private let settings: Interface.Settings
  private let startTime: Timestamp
  private var recorder: Recorder?
  var interface: Interface
  /// The open servers in the order of opening; the interface has the same.
  var clients: [ServerClient]
  /// Connections of closed servers that are still ending.
  var endings: [ObjectIdentifier: Task<Void, Never>] = [:]
  /// The server in this process, and its address.
  var host: (server: ChatServer, endpoint: Endpoint)?
  /// The address at which a server is being started.
  var startingHost: Endpoint?
  private var finish: CheckedContinuation<Void, Never>?
  private(set) var isLeaving = false
  /// The saves that are awaited in order to exit afterwards.
  var leavingSaves: LeavingSaves?
  /// Whether the user chose to exit although typed text is lost; the loss is then not reported.
  var isLossAccepted = false
  private var watching: (any DispatchSourceTimer)?

  let programs = ProgramRunner()
  /// For programs that open links: a browser may be the program itself, and outlives the client.
  let linkPrograms = ProgramRunner(patience: nil)
  /// The message in the editor, while it runs.
  var editor: EditorRun?
  /// The last reported problem with a program.
  var programProblem: String?
  /// The places of the drawn screen that react to the mouse.
  var mouseTargets = MouseTargets()

  var isDrawingScheduled = false
  var isKeepingScheduled = false
  var lastDrawn = MonotonicTime(nanoseconds: 0)
  var ticking: (any DispatchSourceTimer)?

  private static let maximumLogBytes = 16 << 20

  /// The refresh interval of a screen; drawing more often has no use.
  static let frame = Duration.milliseconds(16)

  /// Runs until the user exits or the terminal is closed; then restores the terminal.
  /// - Throws: exit code 64 if there is no terminal, and 1 if typed text could not be saved and was printed; `Failure`
  ///   if no server can be opened. A client without a screen also throws the exit codes of the commands for scripts.
  static func run(_ options: Options) async throws {
    var options = options
    var clients: [ServerClient] = []
    var failures: [Failure] = []
    for start in options.servers {
      do throws(Failure) {
        clients.append(ServerClient(try MemoryKeeper(of: start.link, files: options.files), as: start.name))
      } catch {
        failures.append(error)
      }
    }
    guard !clients.isEmpty else { throw failures.first ?? Failure("no server is named") }
    LocalZone.adopt()
    let log = options.files.openLog()
    options.log = log
    let display: any Display
    do {
      display =
        try options.lineStyle != nil
        ? LineDisplay()
        : ScreenDisplay(
          Terminal.TerminalOptions(
            title: "swiftchat", standardError: log, theme: options.settings.running.theme,
            colors: options.settings.running.colors, hyperlinks: options.settings.running.hyperlinks))
    } catch {
      // The arguments are valid: the usage, which a validation error shows, would not help.
      write("Error: \(error)\n", to: STDERR_FILENO)
      throw ExitCode(EX_USAGE)
    }
    let application = Application(options, clients, display)
    // The file of a server stays locked as long as its client exists: nothing else may hold the clients.
    clients = []
    do { try application.record() } catch {
      display.close()
      throw error
    }
    let isAllKept = await application.run(failures)
    do { try application.recorder?.close() } catch { note("Warning: \(error)") }
    if let log { close(log) }
    if !isAllKept { throw ExitCode.failure }
    application.tellUnconfirmed()
    if let failure = application.outputFailure { throw failure }
    try application.end?.leave()
  }

  private init(_ options: Options, _ clients: [ServerClient], _ display: any Display) {
    self.options = options
    self.display = display
    self.clients = clients
    let first = clients[0]
    startTime = .now()
    settings = Interface.Settings(
      name: first.name, endpoint: first.endpoint, isNameGiven: first.name == options.givenName,
      offersHost: options.offersHost, firstSend: .random(in: 1..<(1 << 62)), view: options.files.rememberedView,
      preferences: options.settings.running.preferences, lineStyle: options.lineStyle,
      localOffset: LocalZone.offset)
    interface = Interface(settings: settings, size: display.size, now: startTime, memory: first.keeper.memory)
    guard options.lineStyle != nil else { return }
    lineRun = LineRun(
      isInteractive: options.isInteractive, endpoint: first.endpoint, at: Self.time)
    for client in clients { lineRun?.add(client.keeper.session.unconfirmed, at: client.endpoint) }
  }

  /// - Parameter failures: the reasons why servers could not be opened.
  /// - Returns: false if typed text could not be saved and was printed.
  private func run(_ failures: [Failure]) async -> Bool {
    for client in clients.dropFirst() { handle([.opened(opening(of: client, isShown: false))]) }
    for warning in [display.warning].compactMap({ $0 }) + options.warnings { handle([.notice(warning)]) }
    for failure in failures { handle([.alert(failure.description)]) }
    for client in clients { tellWarnings(of: client) }
    if let lineRun {
      // Without a user at a terminal, messages stay unread for the user's other clients.
      handle(
        lineRun.isInteractive
          ? [.notice("your lines go to #lobby; /help lists the commands, /quit or Ctrl+D leaves")] : [.focused(false)])
    }
    display.terminal?.useMouse(interface.usesMouse)
    keep()
    draw()
    for client in clients { start(client) }
    await withCheckedContinuation { continuation in
      finish = continuation
      display.begin(
        { [weak self] event in self?.receive(event) }, takesLine: { [weak self] in self?.takesLine ?? false },
        batchEnded: { [weak self] in self?.draw() })
      watch()
      scheduleLineTimer()
    }
    // The shell returns at once; closing connections may take a moment.
    let isAllRead = display.close()
    if !isAllRead, outputFailure == nil { outputFailure = Failure("standard output was not read to its end") }
    lineTimer?.cancel()
    ticking?.cancel()
    watching?.cancel()
    let isAllKept = keepAtExit()
    await shutDown()
    return isAllKept
  }

  private func shutDown() async {
    let connections = clients.compactMap { $0.stop() }
    await withTaskGroup { group in
      for connection in connections { group.addTask { await connection.shutdown() } }
      for ending in endings.values { group.addTask { await ending.value } }
    }
    keepTransmissions()
    await host?.server.shutDown()
  }

  // MARK: Events

  private func receive(_ event: DisplayEvent) {
    switch event {
    case .terminal(let event): receive(event)
    case .line(let text): handle([.line(text)])
    case .unreadableLine(let reason):
      handle([.alert(reason)])
      lineRun?.refuse()
    case .inputEnded: endInput()
    case .outputFailed(let reason):
      if let reason { outputFailure = Failure("cannot write to standard output: \(reason)") }
      leave()
    }
  }

  private func receive(_ event: TerminalEvent) {
    switch event {
    case .key(let key): handle([.key(key)])
    case .paste(let text): handle([.paste(text)])
    case .mouse(let event): handle([.mouse(event, over: mouseTargets)])
    case .resized(let size): handle([.resized(size)])
    case .focus(let isFocused): handle([.focused(isFocused)])
    case .reloadRequested: reload()
    case .terminated:
      // The editor may save a recovery file, and its text is kept like any other.
      if let editor { editor.end() } else { leave() }
    case .hungUp: leave()
    }
  }

  func handle(_ events: [InterfaceEvent]) {
    guard !isLeaving else { return }
    LocalZone.refresh()
    let now = Timestamp.now()
    recorder?.record(Recording.Step(time: now, events: events))
    var commands = interface.update(.time(now))
    for event in events {
      noteChange(by: event)
      commands += interface.update(event)
    }
    interface.finishUpdates()
    if !events.isEmpty { noteChange(of: interface.shownServer) }
    // At most one bell for a batch of messages.
    if commands.contains(where: { $0.command == .bell }) { display.bell() }
    for command in commands where command.command != .bell { perform(command.command, at: command.server) }
    // A sent message exists only in this process until the server stores it.
    for server in Set(commands.lazy.filter(\.command.isSend).map(\.server)) { client(of: server).map(keep) }
    tickWhileCountingDown()
  }

  /// Starts the recording that the user asked for.
  /// - Throws: `Failure` if the file exists or cannot be created.
  private func record() throws {
    guard let path = options.recording else { return }
    let recorder = try Recorder(path, blanking: options.isBlanked ? Blanking() : nil) { [weak self] failure in
      self?.handle([.alert(failure.description)])
    }
    recorder.record(Recording.Start(settings, size: display.size, now: startTime, memory: clients[0].keeper.memory))
    self.recorder = recorder
  }

  // MARK: Commands

  private func perform(_ command: InterfaceCommand, at server: Endpoint) {
    switch command {
    case .client(let command): send(command, to: server)
    case .rememberName(let name):
      (options.usualName, options.givenName) = (name, nil)
      do throws(Failure) { try options.files.remember(name: name) } catch {
        handle([.alert("your name cannot be remembered: \(error)")])
      }
    case .connect(let link): connect(to: link)
    case .disconnect(let server): disconnect(server)
    case .host: startHost(at: server)
    case .bell: display.bell()
    case .copy(let text): display.copy(text)
    case .openLink(let link): open(link)
    case .notify(let notification): notify(notification)
    case .useMouse(let isOn): display.terminal?.useMouse(isOn)
    case .redraw: display.redraw()
    case .suspend:
      // Nothing can be saved while the job is stopped, and the shell may end meanwhile.
      keep()
      for client in clients { client.keeper.finish() }
      display.suspend()
    case .compose:
      // Keys that arrived together with this one come first.
      DispatchQueue.main.async { MainActor.assumeIsolated { self.compose() } }
    case .quit: if lineRun == nil { saveAndLeave() } else { endInput() }
    case .lineRefused: lineRun?.refuse()
    case .quitUnsaved:
      isLossAccepted = true
      leave()
    case .rememberView(let view): handle(alerts { () throws(Failure) in try options.files.remember(view: view) })
    }
  }

  /// Performs an optional action and turns its failure into an alert.
  func alerts(_ body: () throws(Failure) -> Void) -> [InterfaceEvent] {
    do {
      try body()
      return []
    } catch {
      return [.alert(error.description)]
    }
  }

  func leave() {
    isLeaving = true
    finish?.resume()
    finish = nil
  }

  /// Exits once the reader of the output has taken everything that was shown, and typed text is on disk. As after
  /// `leave`, which exits at once, no further events are handled.
  func leaveAfterShowing() {
    // The reader may take hours.
    keep()
    isLeaving = true
    display.afterShowing { [weak self] in
      // A signal may have ended the client meanwhile.
      guard let self, finish != nil else { return }
      saveAndLeave()
    }
  }

  // MARK: Watching

  /// Periodically retries failed saves, takes over messages that other clients left unsent, limits the size of the log,
  /// and applies changed settings.
  private func watch() {
    let timer = DispatchSource.makeTimerSource(queue: .main)
    timer.schedule(deadline: .now() + 3, repeating: 3, leeway: .seconds(1))
    timer.setEventHandler { [weak self] in
      MainActor.assumeIsolated {
        guard let self, !self.isLeaving else { return }
        for client in self.clients where client.saveFailure != nil { self.keep(client) }
        for client in self.clients { self.takeOverUnsent(at: client) }
        self.boundLog()
        self.reload(onlyIfChanged: true)
      }
    }
    timer.resume()
    watching = timer
  }

  /// The log of a chat that is hosted for months must not fill the disk.
  private func boundLog() {
    guard let log = options.log else { return }
    var status = stat()
    if fstat(log, &status) == 0, status.st_size > Self.maximumLogBytes { ftruncate(log, 0) }
  }
}

extension InterfaceCommand {
  fileprivate var isSend: Bool { if case .client(.say) = self { true } else { false } }
}
