import ChatServer
import CommandSupport
import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The settings of a server that starts in this process. `serve` and a client that hosts read them from the same sources,
/// so that it is the same chat, however it is hosted.
struct ServeSettings: Sendable {
  /// The file, variables and flags, for reading the settings again.
  let source: ConfigurationSource<ServerSetting>
  /// The settings of all sources, before checks.
  let configuration: ServerConfiguration
  /// The level of the loggers. May change while the server runs.
  let level: LogLevel

  /// - Parameters:
  ///   - file: the file that a flag names; nil for the one that the environment names, or else the default path.
  ///   - flags: settings that override environment and file.
  init(file: String? = nil, flags: ServerConfiguration) throws(ConfigurationError) {
    try ServerConfiguration.checkVariables(ProcessInfo.processInfo.environment.keys)
    source = try ConfigurationSource(file: file, flags: flags, environment: environmentValue)
    configuration = try source.read()
    level = LogLevel(configuration[ServerSetting.logLevel] ?? .info)
  }

  /// - Parameter descriptor: the destination; not standard error if the terminal shows something else.
  func logger(descriptor: Int32 = 2) -> Logger {
    (configuration[ServerSetting.logFormat] ?? .text).logger(level: level, descriptor: descriptor)
  }

  /// The settings for `ChatServer`. Reads the message of the day.
  /// - Parameter sockets: used instead of host and port, if there are any.
  /// - Throws: as `ServerConfiguration.settings`.
  func settings(on sockets: HandedSockets = HandedSockets()) throws(ConfigurationError) -> ServerSettings {
    var running = configuration
    // The directory for messages depends on the port.
    if let port = sockets.port { running[ServerSetting.port] = port }
    return try running.settings(sockets: sockets.descriptors)
  }
}
