import ChatProtocol
import ChatServer
import Logging

/// Reloads the settings while the server runs, and applies those that need no restart. Any error leaves all settings
/// unchanged.
struct Reloading: Sendable {
  let source: ConfigurationSource<ServerSetting>
  let server: ChatServer
  let logger: Logger
  let level: LogLevel
  let manager: ServiceManager?
  /// The current settings of the server.
  private(set) var running: ServerConfiguration
  private var settings: ServerSettings

  init(
    source: ConfigurationSource<ServerSetting>, server: ChatServer, logger: Logger, level: LogLevel,
    manager: ServiceManager?,
    running: ServerConfiguration, settings: ServerSettings
  ) {
    self.source = source
    self.server = server
    self.logger = logger
    self.level = level
    self.manager = manager
    self.running = running
    self.settings = settings
  }

  /// Reloads the settings at each signal.
  func reload(onEach signals: AsyncStream<Void>) async {
    var reloading = self
    for await _ in signals { await reloading.reload() }
  }

  private mutating func reload() async {
    manager?.tell(.reloading(at: .now()))
    defer { manager?.tell(.ready) }
    do {
      let wanted = try source.read()
      let changes = ConfigurationChanges(from: running, to: wanted)
      let adopted = running.adoptingLive(wanted)
      var next = try adopted.settings()
      // These stay as they were at the start: inherited descriptors have no name in a file.
      (next.addresses, next.port, next.log) = (settings.addresses, settings.port, settings.log)
      (next.tls.directory, next.controlDirectory) = (settings.tls.directory, settings.controlDirectory)
      // Check first, so that all changes are applied or none.
      try await ChatServer.check(next.tls)
      await server.reload(next)
      report(changes, isTextNew: next.hub.messageOfTheDay != settings.hub.messageOfTheDay)
      (running, settings) = (adopted, next)
      level.current = adopted[ServerSetting.logLevel] ?? level.current
    } catch {
      logger.error("settings stay as they are", metadata: ["config.error": "\(error)"])
    }
  }

  private func report(_ changes: ConfigurationChanges, isTextNew: Bool) {
    var live = changes.live
    if isTextNew, !live.contains("motd") { live.append("motd") }
    var metadata: Logger.Metadata = ["config.changed": "\(live.isEmpty ? "nothing" : live.joined(separator: " "))"]
    if !changes.restart.isEmpty {
      metadata["config.needs-restart"] = "\(changes.restart.joined(separator: " "))"
    }
    logger.notice("settings applied", metadata: metadata)
  }
}
