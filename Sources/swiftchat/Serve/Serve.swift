import ArgumentParser
import ChatHub
import ChatLog
import ChatServer
import Logging
import ServiceLifecycle

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a chat server.",
    discussion: """
      Anybody can join with `swiftchat connect HOST:PORT`, or with netcat:

        $ nc localhost 4000
        LOGIN neha
        OK
        MSG hello

      What was said is kept, and there again after a restart. The server stops on Ctrl+C or SIGTERM, after saying \
      good-bye to everybody.
      """
  )

  @Option(help: "An address or name to listen on; may be given several times. (default: all, IPv4 and IPv6)")
  var host: [String] = []

  @OptionGroup var port: PortOption

  @OptionGroup var data: DataDirectory

  @Option(
    help: ArgumentHelp(
      """
      What is kept of each room and of each two people: 90d (or h, w), a number of messages, or both: 90d,100000. \
      (default: all)
      """, valueName: "limit"))
  var keep: KeepOption?

  @Flag(help: "Keep messages in memory alone, the last ones, until the server ends.")
  var ephemeral = false

  @Option(help: ArgumentHelp("Who says nothing for so long is out; 0 means never.", valueName: "seconds"))
  var idleTimeout = Timeout(seconds: 60)

  @Option(help: ArgumentHelp("Who gives no name for so long is out; 0 means never.", valueName: "seconds"))
  var loginTimeout = Timeout(seconds: 30)

  @Option(
    help: ArgumentHelp(
      "How many connections there may be at once. (default: what the limit on open files allows)", valueName: "number"))
  var maxClients: Int?

  @Option(help: ArgumentHelp("A text told after login, to clients that show it.", valueName: "file"))
  var motd: String?

  @Option(help: "What is worth a line.")
  var logLevel: Logger.Level = .info

  @Option(help: "How the log reads, on standard error.")
  var logFormat: LogFormat = .text

  /// For whoever starts a server for its own purposes, and must not leave it behind.
  @Flag(help: .hidden) var untilInputEnds = false

  func validate() throws {
    if let maxClients, maxClients < 1 { throw ValidationError("--max-clients must be at least 1.") }
    _ = try port.number
    if ephemeral, data.given != nil { throw ValidationError("--ephemeral keeps nothing in --data: name one of them.") }
  }

  func run() async throws {
    ignoreBrokenPipes()
    let logger = logFormat.logger(level: logLevel)
    let settings = ServerSettings(
      addresses: host.isEmpty ? [.all] : host.map(ListenAddress.host),
      port: try port.number,
      hub: HubSettings(
        idleTimeout: idleTimeout.duration, loginTimeout: loginTimeout.duration,
        maximumSessions: maxClients ?? .max, messageOfTheDay: try motd.map(MessageOfTheDay.read) ?? []),
      log: try log(),
      retention: keep?.retention ?? Retention()
    )
    let server: ChatServer
    do {
      server = try await ChatServer.start(settings: settings, logger: logger)
    } catch {
      throw Failure("\(error)")
    }
    for address in server.addresses { announce("[+] Chat server listening on \(address)") }
    if !ephemeral, settings.log == .memory {
      logger.notice("messages are kept in memory alone: nobody finds a free port again tomorrow; see --data")
    }
    let group = ServiceGroup(
      services: [server], gracefulShutdownSignals: [.sigint, .sigterm], cancellationSignals: [], logger: quiet)
    if untilInputEnds { InputEnd.watch { Task { await group.triggerGracefulShutdown() } } }
    try await group.run()
  }

  private func log() throws -> LogChoice {
    if ephemeral { return .memory }
    let port = try port.number
    if port == 0, data.given == nil {
      return .memory
    }
    return .directory(try data.path(port: port))
  }

  /// The service group speaks of services, which the operator of a chat does not know.
  private var quiet: Logger { Logger(label: "swiftchat.services", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
