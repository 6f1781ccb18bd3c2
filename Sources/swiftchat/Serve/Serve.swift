import ArgumentParser
import ChatLog
import ChatServer
import CommandSupport
import Logging
import Platform
import ServiceLifecycle

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a chat server.",
    discussion: """
      Join with `swiftchat connect HOST:PORT`, or with netcat:

        $ nc localhost 4000
        LOGIN neha
        OK
        MSG hello

      Messages are stored and survive a restart. Ctrl+C or SIGTERM stops the server, which first tells all clients. \
      TLS and plain text share the port.
      """
  )

  @Option(
    help: ArgumentHelp(
      """
      The settings file. Flags and environment variables override it; SIGHUP reads it again. \
      (default: $XDG_CONFIG_HOME/swiftchat/server.toml, which is ~/.config/swiftchat/server.toml, if it exists)
      """, valueName: "file"), transform: pathArgument)
  var config: String?

  @Flag(help: "Check whether a server with these settings would start, and exit.")
  var checkConfig = false

  @Flag(help: "Print a settings file with all settings and their defaults, and exit.")
  var sampleConfig = false

  @OptionGroup var options: ServeOptions

  /// For programs that start a server and must not leave it behind.
  @Flag(help: .hidden) var untilInputEnds = false

  func run() async throws {
    ignoreBrokenPipes()
    if sampleConfig { return try StandardOutput.write(SampleFile<ServerSetting>.text) }
    let hangups = Hangups()
    defer { hangups.stop() }
    let read = try ServeSettings(file: config, flags: options.configuration)
    let logger = read.logger()
    let settings = try read.settings(on: HandedSockets.take())
    if checkConfig { return try await check(settings, logger) }
    let server = try await start(settings, logger)
    let share = try ShareLine(place: server.place, pin: server.pin)
    if let address = server.metricsAddress {
      logger.info("telling metrics", metadata: ["metrics.address": "\(address)"])
    }
    if server.pin != nil, settings.tls.directory == nil, settings.tls.files == nil {
      logger.warning("there is no home directory for the server's key: the next start creates another one; see --data")
    }
    if read.configuration[ServerSetting.ephemeral] != true, settings.log == .memory {
      logger.notice(
        "messages are kept only in memory, because a port chosen by the system changes with each start; see --data")
    }
    let manager = ServiceManager(socket: environmentValue("NOTIFY_SOCKET"))
    let reloading = Reloading(
      source: read.source, server: server, logger: logger, level: read.level, manager: manager,
      running: read.configuration, settings: settings)
    let reloads = Task { [signals = hangups.signals] in await reloading.reload(onEach: signals) }
    defer { reloads.cancel() }
    try await serve(AnnouncedServer(server: server, share: share, logger: logger), manager)
  }

  /// Starts the server. While its database cannot be reached or does not answer in time, says so and tries again, with
  /// the port closed.
  private func start(_ settings: ServerSettings, _ logger: Logger) async throws -> ChatServer {
    while true {
      do {
        return try await ChatServer.start(settings: settings, logger: logger)
      } catch let error as LogError where Self.mayPass(error, settings.log) && !untilInputEnds {
        logger.warning(
          "the server waits for its database, and tries again every \(Self.pause.components.seconds) seconds",
          metadata: ["log.error": "\(error)"])
        try await Task.sleep(for: Self.pause)
      } catch {
        // A service manager must not retry a start that fails again.
        if await ChatServer.isConfiguration(error, settings) { throw ConfigurationError("\(error)") }
        throw Failure("\(error)")
      }
    }
  }

  /// Whether a later attempt can help: a slow database has more of the log in memory by then, and locks are released. A
  /// directory that another server uses stays in use.
  static func mayPass(_ error: LogError, _ log: LogChoice) -> Bool {
    switch (error.cause, log) {
    case (.unreachable, _), (.interrupted, .database), (.locked, .database): true
    default: false
    }
  }

  private static let pause = Duration.seconds(5)

  private func serve(_ announced: AnnouncedServer, _ manager: ServiceManager?) async throws {
    let server = announced.server
    var services: [any Service] = [announced]
    if let manager {
      let interval = Supervision.interval(
        period: environmentValue("WATCHDOG_USEC"), process: environmentValue("WATCHDOG_PID"), own: getpid())
      services.append(Supervision(manager: manager, server: server, interval: interval))
    }
    let group = ServiceGroup(
      services: services, gracefulShutdownSignals: [.sigint, .sigterm], cancellationSignals: [], logger: quiet)
    if untilInputEnds { InputEnd.watch { Task { await group.triggerGracefulShutdown() } } }
    try await group.run()
  }

  private func check(_ settings: ServerSettings, _ logger: Logger) async throws {
    do {
      try await ChatServer.check(settings, logger: logger)
    } catch let error as ServerCheckError {
      if error.isConfiguration { throw ConfigurationError(error.description) }
      throw Failure(error.description)
    }
    try announce("[+] The settings are good")
  }

  /// The service group's messages mean nothing to the operator of a chat.
  private var quiet: Logger { Logger(label: "swiftchat.services", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
