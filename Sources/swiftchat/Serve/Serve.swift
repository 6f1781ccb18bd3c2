import ArgumentParser
import ChatServer
import Logging
import ServiceLifecycle

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

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
      good-bye to everybody. TLS and plain text share the port.
      """
  )

  @Option(
    help: ArgumentHelp(
      """
      Settings; flags and the environment win over them. SIGHUP reads them again. \
      (default: $XDG_CONFIG_HOME/swiftchat/server.toml, which is ~/.config/swiftchat/server.toml, where it is there)
      """, valueName: "file"))
  var config: String?

  @Flag(help: "Say whether the settings are good, and end.")
  var checkConfig = false

  @OptionGroup var options: ServeOptions

  /// For whoever starts a server for its own purposes, and must not leave it behind.
  @Flag(help: .hidden) var untilInputEnds = false

  func validate() throws {
    if let config, config.isEmpty { throw ValidationError("--config must name a file.") }
    _ = try options.port.number
    do {
      _ = try ServerConfiguration(environment: environmentValue)
    } catch {
      throw ValidationError(error.description)
    }
  }

  func run() async throws {
    ignoreBrokenPipes()
    let hangups = Hangups()
    defer { hangups.stop() }
    let source = try source()
    let configuration = try configuration(from: source)
    if checkConfig {
      _ = try configuration.settings()
      return announce("[+] The settings are good")
    }
    let sockets = try HandedSockets.take()
    var running = configuration
    // Where messages are kept depends on the port.
    if let port = sockets.port { running.port = port }
    let level = LogLevel(configuration.logLevel ?? .info)
    let logger = (configuration.logFormat ?? .text).logger(level: level)
    let settings = try running.settings(sockets: sockets.descriptors)
    let server: ChatServer
    do {
      server = try await ChatServer.start(settings: settings, logger: logger)
    } catch {
      throw Failure("\(error)")
    }
    let share = try ShareLine(host: running.host?.first, port: server.port, pin: server.pin)
    if let address = server.metricsAddress {
      logger.info("telling metrics", metadata: ["metrics.address": "\(address)"])
    }
    if server.pin != nil, settings.tls.directory == nil, settings.tls.files == nil {
      logger.warning("there is no home to keep the server's key in: with the next start it is another one; see --data")
    }
    if running.isEphemeral != true, settings.log == .memory {
      logger.notice("messages are kept in memory alone: nobody finds a free port again tomorrow; see --data")
    }
    let manager = ServiceManager(socket: environmentValue("NOTIFY_SOCKET"))
    let reloading = Reloading(
      source: source, server: server, logger: logger, level: level, manager: manager, running: configuration,
      settings: settings)
    let heeding = Task { [signals = hangups.signals] in await reloading.heed(signals) }
    defer { heeding.cancel() }
    try await serve(AnnouncedServer(server: server, share: share), manager)
  }

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

  private func source() throws -> ConfigurationSource {
    ConfigurationSource(
      file: config ?? environmentValue("SWIFTCHAT_CONFIG"),
      standardFile: ConfigurationFile.standardPath(
        configHome: environmentValue("XDG_CONFIG_HOME"), home: environmentValue("HOME")),
      environment: try ServerConfiguration(environment: environmentValue), flags: options.configuration)
  }

  /// - Throws: an exit code of its own, after a line that says what is wrong.
  private func configuration(from source: ConfigurationSource) throws -> ServerConfiguration {
    do {
      return try source.read()
    } catch {
      complain(error.description)
      throw ExitCode(ConfigurationError.exitCode)
    }
  }

  /// The service group speaks of services, which the operator of a chat does not know.
  private var quiet: Logger { Logger(label: "swiftchat.services", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
