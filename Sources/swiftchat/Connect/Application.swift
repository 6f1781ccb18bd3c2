import ArgumentParser
import ChatClient
import ChatModel
import ChatProtocol
import ChatServer
import ChatUI
import CommandSupport
import Dispatch
import Logging
import Platform
import Terminal

/// The running client: passes events from the terminal and the network to the interface, carries out its commands, and
/// draws. It makes no decisions of its own.
@MainActor
final class Application {
  struct Options {
    var name: Nickname
    var link: ShareLink
    /// The user's key; nil if there is none.
    var identity: Identity?
    /// Warnings to show at the start.
    var warnings: [String] = []
    var offersHost: Bool
    var files: UserFiles
    var settings: ClientSettingsFollower
    /// The descriptor for the log of a hosted server; nil for no log.
    var log: Int32?
  }

  private let options: Options
  private let terminal: Terminal
  private var interface: Interface
  private var endpoint: Endpoint
  private var keeper: MemoryKeeper
  /// The next server, while the client is still leaving the current one.
  private var destination: MemoryKeeper?
  private var client: ClientConnection?
  private var server: ChatServer?
  private var finish: CheckedContinuation<Void, Never>?
  private var isLeaving = false
  /// Whether typed text is being saved in order to exit afterwards.
  private var isSavingToLeave = false
  /// Whether the user chose to exit although typed text is lost; the loss is then not reported.
  private var isLossAccepted = false
  private var watching: (any DispatchSourceTimer)?

  private let programs = ProgramRunner()
  /// For programs that open links: a browser may be the program itself, and outlives the client.
  private let linkPrograms = ProgramRunner(patience: nil)
  /// The message in the editor, while it runs.
  private var editor: EditorRun?
  /// The last reported problem with a program.
  private var programProblem: String?
  /// The title of the window.
  private var title: String?

  /// The reason why the last save failed; nil if it succeeded.
  private var saveFailure: String?
  private var isDrawingScheduled = false
  private var isKeepingScheduled = false
  private var lastDrawn = MonotonicTime(nanoseconds: 0)
  private var ticking: (any DispatchSourceTimer)?

  private static let maximumLogBytes = 16 << 20
  /// Larger than a page of history; as events, short lines take many times their size.
  private static let maximumUnhandledBytes = 512 << 10

  /// The refresh interval of a screen; drawing more often has no use.
  private static let frame = Duration.milliseconds(16)

  /// Runs until the user exits or the terminal is closed; then restores the terminal.
  /// - Throws: exit code 64 if there is no terminal, and 1 if typed text could not be saved and was printed.
  static func run(_ options: Options) async throws {
    var options = options
    let keeper = try MemoryKeeper(of: options.link, files: options.files)
    LocalZone.adopt()
    let log = options.files.openLog()
    options.log = log
    let terminal: Terminal
    do {
      terminal = try Terminal(
        Terminal.TerminalOptions(title: "swiftchat", standardError: log, theme: options.settings.running.theme))
    } catch {
      // The arguments are valid: the usage, which a validation error shows, would not help.
      write("Error: \(error)\n", to: STDERR_FILENO)
      throw ExitCode(EX_USAGE)
    }
    let application = Application(options, keeper, terminal: terminal)
    let isAllKept = await application.run()
    if let log { close(log) }
    if !isAllKept { throw ExitCode.failure }
  }

  private init(_ options: Options, _ keeper: MemoryKeeper, terminal: Terminal) {
    self.options = options
    self.terminal = terminal
    self.keeper = keeper
    endpoint = options.link.endpoint
    interface = Interface(
      settings: Interface.Settings(
        name: options.name, endpoint: options.link.endpoint, offersHost: options.offersHost,
        firstSend: .random(in: 1..<(1 << 62)), view: options.files.rememberedView,
        preferences: options.settings.running.preferences, localOffset: LocalZone.offset),
      size: terminal.size, now: .now(), memory: keeper.memory)
  }

  /// - Returns: false if typed text could not be saved and was printed.
  private func run() async -> Bool {
    for warning in [terminal.warning].compactMap({ $0 }) + options.warnings { handle([.notice(warning)]) }
    for warning in keeper.warnings { handle([.alert(warning)]) }
    keep()
    draw()
    // In a busy room, waking this thread and the network's for each message would take more time than the message.
    let mailbox = Mailbox<ClientEvent>(every: Self.frame, isUrgent: \.isUrgent) { [weak self] events in
      self?.receive(events)
      self?.client?.handled(events.count)
    }
    let client = ClientConnection(
      name: options.name, identity: options.identity, maximumUnhandledBytes: Self.maximumUnhandledBytes
    ) { events in mailbox.post(events) }
    self.client = client
    client.send(.connect(endpoint, keeper.session))
    await withCheckedContinuation { continuation in
      finish = continuation
      terminal.start({ [weak self] event in self?.receive(event) }, batchEnded: { [weak self] in self?.draw() })
      watch()
    }
    // The shell returns at once; closing connections may take a moment.
    terminal.close()
    ticking?.cancel()
    watching?.cancel()
    // Unconfirmed messages are sent again in the next run.
    keeper.keep(interface)
    var isAllKept = true
    if let failure = keeper.finish(), !isLossAccepted { isAllKept = !printTyped(failure) }
    await client.shutdown()
    await server?.shutDown()
    return isAllKept
  }

  // MARK: Events

  private func receive(_ event: TerminalEvent) {
    switch event {
    case .key(let key): handle([.key(key)])
    case .paste(let text): handle([.paste(text)])
    case .resized(let size): handle([.resized(size)])
    case .focus(let isFocused): handle([.focused(isFocused)])
    case .reloadRequested: reload()
    case .terminated:
      // The editor may save a recovery file, and its text is kept like any other.
      if let editor { editor.end() } else { leave() }
    case .hungUp: leave()
    }
  }

  private func receive(_ events: [ClientEvent]) {
    var waiting: [InterfaceEvent] = []
    for event in events {
      if case .connecting(let endpoint, _) = event {
        // Earlier events belong to the previous server.
        handle(waiting)
        waiting = arrive(at: endpoint)
      }
      waiting += note(event)
      waiting.append(.client(offering(event)))
    }
    handle(waiting)
    drawSoon()
  }

  private func handle(_ events: [InterfaceEvent]) {
    guard !isLeaving else { return }
    LocalZone.refresh()
    if !events.isEmpty { keepSoon() }
    var commands = interface.update(.time(.now()))
    for event in events { commands += interface.update(event) }
    interface.finishUpdates()
    // At most one bell for a batch of messages.
    if commands.contains(.bell) { terminal.bell() }
    for command in commands where command != .bell { perform(command) }
    // A sent message exists only in this process until the server stores it.
    if commands.contains(where: \.isSend) { keep() }
    tickWhileCountingDown()
  }

  /// Passes an event to the keeper. After `leave`, messages that the screen no longer shows stay unconfirmed, for the
  /// next run.
  /// - Returns: events for the interface if a pin could not be stored.
  private func note(_ event: ClientEvent) -> [InterfaceEvent] {
    switch event {
    case .token, .pinned, .online: break
    default: if isLeaving { return [] }
    }
    return alerts { () throws(Failure) in try keeper.note(event) }
  }

  // MARK: Commands

  private func send(_ command: ClientCommand) {
    let failures = alerts { () throws(Failure) in try keeper.note(command, at: .now()) }
    if !failures.isEmpty { handle(failures) }
    client?.send(command)
  }

  private func perform(_ command: InterfaceCommand) {
    switch command {
    case .client(let command): send(command)
    case .rememberName(let name): handle(alerts { () throws(Failure) in try options.files.remember(name: name) })
    case .connect(let link): connect(to: link)
    case .host: host()
    case .bell: terminal.bell()
    case .copy(let text): terminal.copy(text)
    case .openLink(let link): open(link)
    case .notify(let notification): notify(notification)
    case .redraw: terminal.redraw()
    case .suspend:
      // Nothing can be saved while the job is stopped, and the shell may end meanwhile.
      keep()
      keeper.finish()
      terminal.suspend()
    case .compose:
      // Keys that arrived together with this one come first.
      DispatchQueue.main.async { MainActor.assumeIsolated { self.compose() } }
    case .quit: saveAndLeave()
    case .quitUnsaved:
      isLossAccepted = true
      leave()
    case .rememberView(let view): handle(alerts { () throws(Failure) in try options.files.remember(view: view) })
    }
  }

  private func compose() {
    guard !isLeaving, editor == nil else { return }
    keep()
    do throws(Failure) {
      editor = try EditorRun(interface.takeTextToCompose(), on: terminal) { [weak self] result in
        guard let self else { return }
        let isEnding = editor?.isEnding == true
        editor = nil
        handle([.composed(result)])
        if isEnding { leave() } else { draw() }
      }
    } catch {
      handle([.composed(.unchanged(problem: error.description))])
      draw()
    }
  }

  private func notify(_ notification: Notification) {
    let settings = options.settings.running
    terminal.notify(settings.notificationSequence, title: notification.place, text: notification.text)
    guard let command = settings[ClientSetting.notifyCommand] else { return }
    let variables = [
      "SWIFTCHAT_PLACE": notification.place, "SWIFTCHAT_AUTHOR": notification.author,
      "SWIFTCHAT_TEXT": notification.text,
    ]
    let words = command + [notification.place, notification.text]
    run(words, variables, by: programs, for: ClientSetting.notifyCommand.name)
  }

  private func open(_ link: String) {
    guard let command = options.settings.running[ClientSetting.openLinksWith] else { return }
    programProblem = nil
    run(command + [link], by: linkPrograms, for: ClientSetting.openLinksWith.name)
  }

  /// Runs the program that a setting names. The same problem is reported only once in succession.
  private func run(
    _ words: [String], _ variables: [String: String] = [:], by programs: ProgramRunner, for setting: String
  ) {
    programs.run(words, variables) { [weak self] problem in
      DispatchQueue.main.async {
        MainActor.assumeIsolated {
          guard let self, self.programProblem != problem.description else { return }
          self.programProblem = problem.description
          self.handle([.notice("\(setting): \(problem)")])
          self.draw()
        }
      }
    }
  }

  /// Connects to another server. The screen changes when the client has left the current server, whose events are shown
  /// until then.
  private func connect(to link: ShareLink) {
    guard destination == nil else { return handle([.notice("one moment: still leaving \(endpoint)")]) }
    guard link.endpoint == endpoint else { return saveAndMove(to: link) }
    do {
      let security = try keeper.security(for: link)
      handle([.notice("this is \(endpoint)")])
      client?.send(.connect(endpoint, security))
    } catch {
      handle([.alert("\(error)")])
    }
  }

  /// Saves typed text before moving, because it disappears from the screen then.
  private func saveAndMove(to link: ShareLink) {
    keeper.keep(interface) { [weak self] failure in
      guard let self, !isLeaving else { return }
      defer { draw() }
      if let failure, interface.holdsTypedText {
        return handle([
          .saveFailed(reason: failure.description, isLeaving: false),
          .alert("still at \(endpoint): your text would be lost; send it or clear it first"),
        ])
      }
      do {
        guard destination == nil, link.endpoint != endpoint else { return }
        let next = try MemoryKeeper(of: link, files: options.files)
        destination = next
        client?.send(.connect(link.endpoint, next.session))
        let server = options.settings.running.servers.at(link.endpoint)
        if let nickname = server?.nickname { client?.send(.useName(nickname)) }
      } catch {
        handle([.alert("\(error)")])
      }
    }
  }

  /// Performs an optional action and turns its failure into an alert.
  private func alerts(_ body: () throws(Failure) -> Void) -> [InterfaceEvent] {
    do {
      try body()
      return []
    } catch {
      return [.alert(error.description)]
    }
  }

  /// - Returns: events for the interface if the client has moved to another server.
  private func arrive(at endpoint: Endpoint) -> [InterfaceEvent] {
    self.endpoint = endpoint
    guard let destination, destination.endpoint == endpoint else { return [] }
    self.destination = nil
    keeper.keep(interface)
    keeper.finish()
    keeper = destination
    return [.moved(to: endpoint, keeper.memory)] + keeper.warnings.map { .alert($0) }
  }

  /// Withdraws the offer to host if that is impossible: nothing may listen on this address, but something on another
  /// one.
  private func offering(_ event: ClientEvent) -> ClientEvent {
    guard case .offline(let outage) = event, outage.isRefused, outage.isFirst, options.offersHost,
      LocalPort.isInUse(endpoint.port)
    else { return event }
    return .offline(Outage(reason: LocalPort.inUse(endpoint.port), retryIn: outage.retryIn))
  }

  private func host() {
    let port = endpoint.port
    // Not to standard error, because the server logs its last lines after the shell has the terminal back.
    let logger =
      options.log.map { LogFormat.text.logger(level: .info, descriptor: $0) }
      ?? Logger(label: "swiftchat", factory: { _ in SwiftLogNoOpLogHandler() })
    Task {
      do {
        // The same directory as with `serve`, so that it is the same chat, however it is hosted.
        let log = StateFolder.path.map { LogChoice.directory(DataDirectory.path(nil, port: port, folder: $0)) }
        let directory = ServerDirectory(nil, port: port)
        let settings = ServerSettings(
          port: port, log: log ?? .memory, tls: TLSSettings(directory: directory.path),
          controlDirectory: directory.control)
        let server = try await ChatServer.start(settings: settings, logger: logger)
        self.server = server
        let share = try ShareLine(place: server.place, pin: server.pin)
        handle([.host(.started(invitation: share.description))])
      } catch let error as ListenError where error.isInUse {
        handle([.host(.failed(reason: LocalPort.inUse(port)))])
      } catch {
        handle([.host(.failed(reason: "\(error)"))])
      }
      draw()
    }
  }

  private func leave() {
    isLeaving = true
    finish?.resume()
    finish = nil
  }

  /// Exits once typed text is on disk. A second request exits at once, because a disk may never respond.
  private func saveAndLeave() {
    guard !isSavingToLeave else { return leave() }
    isSavingToLeave = true
    keeper.keep(interface) { [weak self] failure in
      guard let self, isSavingToLeave else { return }
      isSavingToLeave = false
      guard let failure else { return leave() }
      handle([.saveFailed(reason: failure.description, isLeaving: true)])
      draw()
    }
  }

  /// Prints typed text that could not be saved, if the user did not choose to lose it.
  /// - Returns: whether there was any.
  private func printTyped(_ failure: Failure) -> Bool {
    let texts = interface.typedTexts
    guard !texts.isEmpty else { return false }
    write("swiftchat: typed text could not be saved: \(failure)\n", to: STDERR_FILENO)
    for (target, text) in texts { write("\(target): \(text)\n", to: STDERR_FILENO) }
    return true
  }

  // MARK: Settings

  /// - Parameter onlyIfChanged: whether to do nothing if the file has not changed.
  private func reload(onlyIfChanged: Bool = false) {
    options.settings.reload(onlyIfChanged: onlyIfChanged) { [weak self] outcome in
      guard let self, !isLeaving else { return }
      switch outcome {
      case .unchanged: return
      case .failed(let reason): handle([.notice("the settings stay as they are: \(reason)")])
      case .applied(let settings, let summary):
        terminal.setTheme(settings.theme)
        handle([.preferences(settings.preferences), .notice(summary)])
      }
      draw()
    }
  }

  // MARK: Saving

  /// Saves after a short delay, so that fast typing does not wait for the disk.
  private func keepSoon() {
    guard !isKeepingScheduled else { return }
    isKeepingScheduled = true
    DispatchQueue.main.asyncAfter(deadline: .now() + 0.5) {
      MainActor.assumeIsolated {
        self.isKeepingScheduled = false
        if !self.isLeaving { self.keep() }
      }
    }
  }

  private func keep() {
    keeper.keep(interface) { [weak self, keeper] failure in
      guard let self, !isLeaving, keeper === self.keeper, failure?.description != saveFailure else { return }
      saveFailure = failure?.description
      handle([failure.map { .saveFailed(reason: $0.description, isLeaving: false) } ?? .saved])
      draw()
    }
  }

  /// Periodically retries a failed save, takes over messages that another client left unsent, limits the size of the
  /// log, and applies changed settings.
  private func watch() {
    let timer = DispatchSource.makeTimerSource(queue: .main)
    timer.schedule(deadline: .now() + 3, repeating: 3, leeway: .seconds(1))
    timer.setEventHandler { [weak self] in
      MainActor.assumeIsolated {
        guard let self, !self.isLeaving else { return }
        if self.saveFailure != nil { self.keep() }
        self.takeOverUnsent()
        self.boundLog()
        self.reload(onlyIfChanged: true)
      }
    }
    timer.resume()
    watching = timer
  }

  private func takeOverUnsent() {
    keeper.lookForUnsent { [weak self, keeper] sends in
      // Messages of a server that the user has left meanwhile are not taken over.
      guard let self, !isLeaving, keeper === self.keeper else { return nil }
      handle([.recovered(sends)])
      send(.takeOver(sends))
      draw()
      return interface
    }
  }

  /// The log of a chat that is hosted for months must not fill the disk.
  private func boundLog() {
    guard let log = options.log else { return }
    var status = stat()
    if fstat(log, &status) == 0, status.st_size > Self.maximumLogBytes { ftruncate(log, 0) }
  }

  // MARK: Drawing

  private func draw() {
    lastDrawn = .now()
    LocalZone.refresh()
    terminal.draw(interface.render())
    let title = interface.title
    guard title != self.title else { return }
    self.title = title
    terminal.setTitle(title)
  }

  /// Draws at once, but not more often than the screen refreshes.
  private func drawSoon() {
    guard !isDrawingScheduled else { return }
    let passed = MonotonicTime.now() - lastDrawn
    guard passed < Self.frame else { return draw() }
    isDrawingScheduled = true
    let rest = (Self.frame - passed).nanoseconds
    DispatchQueue.main.asyncAfter(deadline: .now() + .nanoseconds(Int(rest))) {
      MainActor.assumeIsolated {
        self.isDrawingScheduled = false
        self.draw()
      }
    }
  }

  /// The timer runs only while the screen shows a countdown, so that an idle client sleeps.
  private func tickWhileCountingDown() {
    guard interface.isCountingDown else {
      ticking?.cancel()
      ticking = nil
      return
    }
    guard ticking == nil else { return }
    let timer = DispatchSource.makeTimerSource(queue: .main)
    timer.schedule(deadline: .now() + 1, repeating: 1, leeway: .milliseconds(50))
    timer.setEventHandler { [weak self] in
      MainActor.assumeIsolated {
        self?.handle([])
        self?.draw()
      }
    }
    timer.resume()
    ticking = timer
  }
}

extension InterfaceCommand {
  fileprivate var isSend: Bool { if case .client(.say) = self { true } else { false } }
}
