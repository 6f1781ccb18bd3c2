import ChatLog
import CommandSupport
import Platform

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds the directories of servers on this host from the same sources as `serve`: flags, the environment and the
/// settings file.
struct ServerLocator {
  /// Values of the flags.
  var port: Int?
  var data: String?
  var file: String?
  /// Returns the value of an environment variable.
  var environment: (String) -> String? = environmentValue
  /// The names of all environment variables.
  var variables: [String] = Array(ProcessInfo.processInfo.environment.keys)
  /// Paths of a server that runs as a system service, with `Resources/swiftchat.service`.
  var system = System()

  struct System {
    var file = "/etc/swiftchat/server.toml"
    var data = "/var/lib/swiftchat"
  }

  /// The settings that locate a server. Errors in other settings are ignored, because the running server was started
  /// without them.
  private static let names: Set<String> = [
    ServerSetting.port.name, ServerSetting.data.name, ServerSetting.ephemeral.name,
  ]

  /// - Returns: candidate directories, most likely first; at least one.
  func directories() throws(ConfigurationError) -> [String] {
    if let data { return [data] }
    try ServerConfiguration.checkVariables(variables)
    let found = try settings()
    let port = found[ServerSetting.port] ?? PortOption.standard
    guard let own = ServerDirectory(found[ServerSetting.data], port: port, folder: folder).control else {
      throw ConfigurationError(
        port == 0
          ? "port 0 stands for any free port: name the server's directory with --data"
          : "there is no home directory in which to look for a server; name its directory with --data")
    }
    // A named settings file is the server's own.
    guard found[ServerSetting.data] == nil, try named() == nil else { return [own] }
    return [own] + systemDirectories().filter { $0 != own }
  }

  /// The database that the settings name; nil if there is none, or if a directory is named on the command line. Where the
  /// user has no log, the settings of a system service count: its files may be from before it got a database.
  func store() throws(ConfigurationError) -> PostgresURL? {
    if data != nil { return nil }
    let found = try settings(only: Self.names.union([ServerSetting.store.name]))
    if let store = found[ServerSetting.store] { return store }
    guard found[ServerSetting.data] == nil, try named() == nil else { return nil }
    let port = found[ServerSetting.port] ?? PortOption.standard
    if let own = ServerDirectory(nil, port: port, folder: folder).control, SQLiteLog.exists(in: own) { return nil }
    return systemSettings()?[ServerSetting.store]
  }

  private func settings(only names: Set<String> = names) throws(ConfigurationError) -> ServerConfiguration {
    var flags = ServerConfiguration()
    flags[ServerSetting.port] = port
    let source = try ConfigurationSource(file: file, flags: flags, environment: environment, only: names)
    do {
      return try source.given()
    } catch {
      throw ConfigurationError("\(error.description); or name the server's directory with --data")
    }
  }

  /// Directories of a system service that exist and that this user may enter.
  private func systemDirectories() -> [String] {
    guard let settings = systemSettings() else { return [] }
    return [system.data, settings[ServerSetting.data]].compactMap { $0 }.filter { Self.isReachable($0) }
  }

  /// The settings of a system service, empty if they cannot be read; nil if its port is not the named one.
  private func systemSettings() -> ServerConfiguration? {
    let names = Self.names.union([ServerSetting.store.name])
    let read = (try? ConfigurationFile<ServerSetting>.read(system.file, isRequired: false, only: names)) ?? nil
    let settings = read ?? ServerConfiguration()
    if let port, port != settings[ServerSetting.port] ?? PortOption.standard { return nil }
    return settings
  }

  private var folder: String? {
    StateFolder.path(stateHome: environment("XDG_STATE_HOME"), home: environment("HOME"))
  }

  private func named() throws(ConfigurationError) -> String? {
    if let file { return file }
    return try ConfigurationFile<ServerSetting>.path(named: environment(ServerSetting.fileVariable))
  }

  private static func isReachable(_ directory: String) -> Bool { access(directory, X_OK) == 0 }
}
