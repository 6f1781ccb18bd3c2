import ArgumentParser
import ChatClient
import ChatProtocol
import ChatServer
import ChatUI
import Dispatch
import Logging
import Terminal

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The client at work: hands events from the terminal and the network to the interface, carries out its commands, and
/// draws. All decisions are made elsewhere.
@MainActor
final class Application {
  struct Options {
    var name: Nickname
    var link: ShareLink
    /// What proves to servers who we are.
    var identity: Identity?
    /// What the person should know before anything else.
    var warnings: [String] = []
    var offersHost: Bool
    var files: UserFiles
    /// Where a hosted server logs; nil: nowhere.
    var log: Int32?
  }

  private let options: Options
  private let terminal: Terminal
  private var interface: Interface
  private var endpoint: Endpoint
  private var keeper: MemoryKeeper
  /// Another server that we are on the way to.
  private var destination: MemoryKeeper?
  private var client: ClientConnection?
  private var server: ChatServer?
  private var finish: CheckedContinuation<Void, Never>?
  private var isLeaving = false
  /// What was typed is being saved, to leave then.
  private var isSavingToLeave = false
  /// What the person leaves, knowing that it is lost, is told nobody.
  private var isLossAccepted = false
  private var watching: (any DispatchSourceTimer)?

  /// Why the conversations were not saved the last time; nil where they were.
  private var saveFailure: String?
  private var isDrawingScheduled = false
  private var isKeepingScheduled = false
  private var lastDrawn = MonotonicTime(nanoseconds: 0)
  private var ticking: (any DispatchSourceTimer)?

  private static let maximumLogBytes = 16 << 20
  /// A page of history has less; short lines cost many times their bytes as events.
  private static let maximumUnhandledBytes = 512 << 10

  /// Faster than a screen shows it, it need not be drawn.
  private static let frame = Duration.milliseconds(16)

  /// Runs until the person leaves, or the terminal is gone; the terminal is then as it was.
  /// - Throws: exit code 64 where there is no terminal, and 1 where something that was typed could only be printed.
  static func run(_ options: Options) async throws {
    var options = options
    let keeper = try MemoryKeeper(of: options.link, files: options.files)
    LocalZone.adopt()
    let log = options.files.openLog()
    options.log = log
    let terminal: Terminal
    do {
      terminal = try Terminal(Terminal.Options(title: "swiftchat", standardError: log))
    } catch {
      // How to call it is not what is wrong: the usage, which a validation error shows, would not help.
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
        name: options.name, place: options.link.endpoint.description, offersHost: options.offersHost,
        firstSend: .random(in: 1..<(1 << 62)), view: options.files.rememberedView, localOffset: LocalZone.offset),
      size: terminal.size, now: .now(), memory: keeper.memory)
  }

  /// - Returns: false where something that was typed could only be printed.
  private func run() async -> Bool {
    for warning in [terminal.warning].compactMap({ $0 }) + options.warnings { handle([.network(.notice(warning))]) }
    for warning in keeper.warnings { handle([.network(.alert(warning))]) }
    keep()
    draw()
    let mailbox = Mailbox<ClientEvent> { [weak self] events in
      self?.receive(events)
      self?.client?.handled(events.count)
    }
    let client = ClientConnection(
      name: options.name, identity: options.identity, maximumUnhandledBytes: Self.maximumUnhandledBytes
    ) { events in mailbox.post(events) }
    self.client = client
    client.send(.connect(endpoint, keeper.clientMemory))
    await withCheckedContinuation { continuation in
      finish = continuation
      terminal.start({ [weak self] event in self?.receive(event) }, batchEnded: { [weak self] in self?.draw() })
      watch()
    }
    // The shell is there at once; the good-byes may take a moment.
    terminal.close()
    ticking?.cancel()
    watching?.cancel()
    // What is not confirmed by now is sent again the next time.
    keeper.keep(interface.memory)
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
    case .terminated, .hungUp: leave()
    }
  }

  private func receive(_ events: [ClientEvent]) {
    var waiting: [InterfaceEvent] = []
    for event in events {
      switch event {
      case .connecting(let endpoint, _):
        // What came before it was the other server's.
        handle(waiting)
        waiting = arrive(at: endpoint)
      case .token(let token):
        keeper.token = token
        keepSoon()
      case .pinned(let pin): waiting += alerts { () throws(Failure) in try keeper.learn(pin) }
      case .online(_, _, let standing) where standing.isEncrypted:
        waiting += alerts { () throws(Failure) in try keeper.keepPin() }
      default: break
      }
      if let event = NetworkEvent(event, at: endpoint) { waiting.append(.network(offering(event))) }
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
    // However many messages want attention at once, one bell is heard.
    if commands.contains(.bell) { terminal.bell() }
    for command in commands where command != .bell { perform(command) }
    // What was sent is nowhere else until the server has it.
    if commands.contains(where: \.isSend) { keep() }
    tickWhileCountingDown()
  }

  // MARK: Commands

  private func perform(_ command: InterfaceCommand) {
    switch command {
    case .send(let id, let recipient, let text): client?.send(.say(id: id, to: recipient, text: text))
    case .join(let room): client?.send(.join(room))
    case .part(let room): client?.send(.part(room))
    case .listRooms: client?.send(.listRooms)
    case .setTopic(let room, let text): client?.send(.setTopic(room, text))
    case .showOlder(let target, let before): client?.send(.showOlder(target, before: before))
    case .search(let number, let target, let text, let before):
      client?.send(.search(number, in: target, text: text, before: before))
    case .markRead(let target, let sequence): client?.send(.markRead(target, sequence))
    case .admin(let request): client?.send(.admin(request))
    case .trust(let pin): trust(pin)
    case .refreshPeople: client?.send(.who)
    case .ping: client?.send(.ping)
    case .setAway(let text): client?.send(.away(text))
    case .useName(let name, let isRemembered):
      if isRemembered { handle(alerts { () throws(Failure) in try options.files.remember(name: name) }) }
      client?.send(.useName(name))
    case .connect(let place): connect(to: place)
    case .retryNow: client?.send(.retryNow)
    case .host: host()
    case .bell: terminal.bell()
    case .redraw: terminal.redraw()
    case .suspend:
      // Nothing is written while the job is stopped, and the shell may end meanwhile.
      keep()
      keeper.finish()
      terminal.suspend()
    case .quit: saveAndLeave()
    case .quitUnsaved:
      isLossAccepted = true
      leave()
    case .rememberView(let view): handle(alerts { () throws(Failure) in try options.files.remember(view: view) })
    }
  }

  /// What is shown changes when the client has left the present server: until then it hears of that one.
  private func connect(to place: String) {
    do {
      let link = try ShareLink(place)
      guard destination == nil else { return handle([.network(.notice("one moment: still leaving \(endpoint)"))]) }
      guard link.endpoint != endpoint else {
        let security = try keeper.security(for: link)
        handle([.network(.notice("this is \(endpoint)"))])
        client?.send(.connect(endpoint, security))
        return
      }
      saveAndMove(to: link)
    } catch {
      handle([.network(.alert("\(error)"))])
    }
  }

  /// What was typed here is not on the screen any more then.
  private func saveAndMove(to link: ShareLink) {
    keeper.keep(interface.memory) { [weak self] failure in
      guard let self, !isLeaving else { return }
      defer { draw() }
      if let failure, interface.holdsTypedText {
        return handle([
          .saveFailed(reason: failure.description, isLeaving: false),
          .network(.alert("still at \(endpoint): what you typed would be lost; send it or clear it first")),
        ])
      }
      do {
        guard destination == nil, link.endpoint != endpoint else { return }
        let next = try MemoryKeeper(of: link, files: options.files)
        destination = next
        client?.send(.connect(link.endpoint, next.clientMemory))
      } catch {
        handle([.network(.alert("\(error)"))])
      }
    }
  }

  /// The person has compared what the server showed.
  private func trust(_ pin: Pin?) {
    handle(alerts { () throws(Failure) in try keeper.trust(pin) })
    client?.send(.trust(pin))
  }

  /// Does something that may fail, and be done without.
  private func alerts(_ body: () throws(Failure) -> Void) -> [InterfaceEvent] {
    do {
      try body()
      return []
    } catch {
      return [.network(.alert(error.description))]
    }
  }

  /// - Returns: what to tell the interface, where it is another server that is connected to now.
  private func arrive(at endpoint: Endpoint) -> [InterfaceEvent] {
    self.endpoint = endpoint
    guard let destination, destination.endpoint == endpoint else { return [] }
    self.destination = nil
    keeper.keep(interface.memory)
    keeper.finish()
    keeper = destination
    return [.moved(to: endpoint.description, keeper.memory)] + keeper.warnings.map { .network(.alert($0)) }
  }

  /// To host is offered only where that can be done: nothing may listen on this address, and something on another.
  private func offering(_ event: NetworkEvent) -> NetworkEvent {
    guard case .offline(_, let retryIn, true) = event, options.offersHost, LocalPort.isInUse(endpoint.port) else {
      return event
    }
    return .offline(reason: LocalPort.inUse(endpoint.port), retryIn: retryIn, isNobodyThere: false)
  }

  private func host() {
    let port = endpoint.port
    // Not to standard error: the last lines are written when the shell has it back.
    let logger =
      options.log.map { LogFormat.text.logger(level: .info, descriptor: $0) }
      ?? Logger(label: "swiftchat", factory: { _ in SwiftLogNoOpLogHandler() })
    Task {
      do {
        // The same as with `serve`, so that it is one chat whoever hosts it.
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

  /// Leaves when what was typed is on the disk. Asked once more meanwhile, it leaves at once: a disk may never answer.
  private func saveAndLeave() {
    guard !isSavingToLeave else { return leave() }
    isSavingToLeave = true
    keeper.keep(interface.memory) { [weak self] failure in
      guard let self, isSavingToLeave else { return }
      isSavingToLeave = false
      guard let failure else { return leave() }
      handle([.saveFailed(reason: failure.description, isLeaving: true)])
      draw()
    }
  }

  /// For the person who did not ask to leave: what cannot be saved anywhere else.
  /// - Returns: whether there is anything.
  private func printTyped(_ failure: Failure) -> Bool {
    let texts = interface.typedTexts
    guard !texts.isEmpty else { return false }
    write("swiftchat: what you typed could not be saved: \(failure)\n", to: STDERR_FILENO)
    for (target, text) in texts { write("\(target): \(text)\n", to: STDERR_FILENO) }
    return true
  }

  // MARK: Remembering

  /// At the next pause: whoever types quickly waits for no file.
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
    keeper.keep(interface.memory) { [weak self, keeper] failure in
      guard let self, !isLeaving, keeper === self.keeper, failure?.description != saveFailure else { return }
      saveFailure = failure?.description
      handle([failure.map { .saveFailed(reason: $0.description, isLeaving: false) } ?? .saved])
      draw()
    }
  }

  /// Now and then: what could not be saved is tried again, and what another client left unsent is sent from here.
  private func watch() {
    let timer = DispatchSource.makeTimerSource(queue: .main)
    timer.schedule(deadline: .now() + 3, repeating: 3, leeway: .seconds(1))
    timer.setEventHandler { [weak self] in
      MainActor.assumeIsolated {
        guard let self, !self.isLeaving else { return }
        if self.saveFailure != nil { self.keep() }
        self.takeOverUnsent()
        self.boundLog()
      }
    }
    timer.resume()
    watching = timer
  }

  private func takeOverUnsent() {
    keeper.lookForUnsent { [weak self, keeper] sends in
      // Where the person went elsewhere meanwhile, they stay where they are.
      guard let self, !isLeaving, keeper === self.keeper else { return nil }
      handle([.recovered(sends)])
      client?.send(.takeOver(sends.compactMap { ClientMemory.Unconfirmed($0) }))
      draw()
      return interface.memory
    }
  }

  /// A chat that is hosted here for months must not fill the disk with it.
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
  }

  /// At once, but never more often than a screen shows.
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

  /// The clock runs only while something on the screen depends on it: an idle client sleeps.
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
  fileprivate var isSend: Bool { if case .send = self { true } else { false } }
}
