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
  private static let namesWithStore = names.union([ServerSetting.store.name])

  /// - Parameter includesClosed: whether directories of a system service that this user may not enter are included, for
  ///   a command that then says so.
  /// - Returns: candidate directories, most likely first; at least one.
  func directories(includesClosed: Bool = false) throws(ConfigurationError) -> [String] {
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
    let others = systemDirectories(of: found[ServerSetting.port], includesClosed: includesClosed)
    return [own] + others.filter { $0 != own }
  }

  /// The database that the settings name; nil if there is none, or if a directory is named on the command line. Where the
  /// user has no log, the settings of a system service count: its files may be from before it got a database.
  func store() throws(ConfigurationError) -> PostgresURL? { try data == nil ? storeForFiles() : nil }

  /// As `store`, for the log in the server's files: if a directory is named on the command line, the settings of a
  /// system service count if the directory is that service's.
  func storeForFiles() throws(ConfigurationError) -> PostgresURL? {
    let found = try settings(only: Self.namesWithStore)
    if let store = found[ServerSetting.store] { return store }
    guard try named() == nil else { return nil }
    let port = found[ServerSetting.port]
    if let data {
      guard systemDirectories(of: port).contains(where: { Self.isSame($0, data) }) else { return nil }
    } else {
      guard found[ServerSetting.data] == nil else { return nil }
      let own = ServerDirectory(nil, port: port ?? PortOption.standard, folder: folder).control
      if let own, SQLiteLog.exists(in: own) { return nil }
    }
    // Without a file that this user can read, a system service counts as one on the standard port.
    if let port, port != PortOption.standard, !Self.isReadable(system.file) { return nil }
    let settings = try systemSettings()
    return Self.isOf(port, settings) ? settings[ServerSetting.store] : nil
  }

  private func settings(only names: Set<String> = names) throws(ConfigurationError) -> ServerConfiguration {
    var flags = ServerConfiguration()
    flags[ServerSetting.port] = port
    let source = try ConfigurationSource(file: file, flags: flags, environment: environment, only: names)
    do { return try source.given() } catch { throw advising(on: error) }
  }

  /// Adds the flag that makes the settings unnecessary.
  private func advising(on error: ConfigurationError) -> ConfigurationError {
    let advice = data == nil ? "name the server's directory with --data" : "name the database with --store"
    return ConfigurationError("\(error.description); or \(advice)")
  }

  /// Directories of a system service that exist.
  /// - Parameters:
  ///   - port: the named one; nil for any.
  ///   - includesClosed: whether those that this user may not enter are included.
  private func systemDirectories(of port: Int?, includesClosed: Bool = false) -> [String] {
    // The running server may have been started before a mistake got into its settings.
    let settings = (try? systemSettings()) ?? ServerConfiguration()
    guard Self.isOf(port, settings) else { return [] }
    return [system.data, settings[ServerSetting.data]].compactMap { $0 }.filter { directory in
      access(directory, X_OK) == 0 || (includesClosed && errno == EACCES)
    }
  }

  /// The settings of a system service; empty if it has no file.
  private func systemSettings() throws(ConfigurationError) -> ServerConfiguration {
    do {
      let read = try ConfigurationFile<ServerSetting>.read(system.file, isRequired: false, only: Self.namesWithStore)
      return read ?? ServerConfiguration()
    } catch {
      throw advising(on: error)
    }
  }

  /// Whether the settings are those of a server on the port.
  private static func isOf(_ port: Int?, _ settings: ServerConfiguration) -> Bool {
    port.map { $0 == settings[ServerSetting.port] ?? PortOption.standard } ?? true
  }

  private var folder: String? {
    StateFolder.path(stateHome: environment("XDG_STATE_HOME"), home: environment("HOME"))
  }

  private func named() throws(ConfigurationError) -> String? {
    if let file { return file }
    return try ConfigurationFile<ServerSetting>.path(named: environment(ServerSetting.fileVariable))
  }

  /// Whether both paths lead to the same directory.
  private static func isSame(_ first: String, _ second: String) -> Bool {
    var status = stat()
    var other = stat()
    guard stat(first, &status) == 0, stat(second, &other) == 0 else { return false }
    return status.st_dev == other.st_dev && status.st_ino == other.st_ino
  }

  private static func isReadable(_ file: String) -> Bool { access(file, R_OK) == 0 }
}
