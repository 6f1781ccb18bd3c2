import ArgumentParser
import ChatLog
import CommandSupport

/// Command-line options that select a server on this host, for administrative commands.
struct LocatorOption: ParsableArguments {
  @Option(help: "The server's port. (default: from its settings, or 4000)")
  var port: Int?

  @Option(
    help: ArgumentHelp(
      "The server's data directory. (default: from its settings, or by its port)",
      valueName: "directory"), transform: pathArgument)
  var data: String?

  @Option(
    help: ArgumentHelp(
      """
      The server's settings file. (default: $SWIFTCHAT_CONFIG, or \
      $XDG_CONFIG_HOME/swiftchat/server.toml, if it exists)
      """, valueName: "file"), transform: pathArgument)
  var config: String?

  func validate() throws {
    if let port, !(1...65535).contains(port) {
      throw ValidationError("--port is \(port); the port of a server is a number from 1 to 65535.")
    }
  }

  var locator: ServerLocator { ServerLocator(port: port, data: data, file: config) }

  /// The database that the server's settings name; nil if there is none, or if `--data` is given.
  func store() throws(ConfigurationError) -> PostgresURL? { try locator.store() }

  /// Candidate directories of the server, most likely first.
  /// - Parameter includesClosed: see `ServerLocator.directories`.
  func directories(includesClosed: Bool = false) throws(ConfigurationError) -> [String] {
    try locator.directories(includesClosed: includesClosed)
  }
}
