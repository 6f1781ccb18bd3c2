import ArgumentParser
import CommandSupport

/// Command-line options that select a server on this host, for administrative commands.
struct LocatorOption: ParsableArguments {
  @Option(help: "The port that the server listens on. (default: as its settings say, or 4000)")
  var port: Int?

  @Option(
    help: ArgumentHelp(
      "The directory that the server keeps its files in. (default: as its settings say, or the one of its port)",
      valueName: "directory"), transform: pathArgument)
  var data: String?

  @Option(
    help: ArgumentHelp(
      """
      The settings that the server was started with. (default: $SWIFTCHAT_CONFIG, or \
      $XDG_CONFIG_HOME/swiftchat/server.toml, where it is there)
      """, valueName: "file"), transform: pathArgument)
  var config: String?

  func validate() throws {
    if let port, !(1...65535).contains(port) {
      throw ValidationError("--port is \(port); the port of a server is a number from 1 to 65535.")
    }
  }

  /// Candidate directories of the server, most likely first.
  func directories() throws(ConfigurationError) -> [String] {
    try ServerLocator(port: port, data: data, file: config).directories()
  }
}
