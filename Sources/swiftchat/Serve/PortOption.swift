import ArgumentParser
import CommandSupport

/// `--port` of a server, or else `SWIFTCHAT_PORT`, or else 4000.
struct PortOption: ParsableArguments {
  @Option(help: "The port; 0 picks a free one. (default: $SWIFTCHAT_PORT, or 4000)")
  var port: Int?

  static let standard = 4000

  func validate() throws {
    if let port, !(0...65535).contains(port) {
      throw ValidationError("--port is \(port); a port is a number from 0 to 65535.")
    }
  }

  /// The port if the command line names none: `SWIFTCHAT_PORT`, or else 4000.
  static func standardNumber() throws(ConfigurationError) -> Int {
    try ServerConfiguration(environment: environmentValue, only: ["port"]).port ?? standard
  }
}
