import ArgumentParser
import CommandSupport

/// `--port` of a server, or else `SWIFTCHAT_PORT`, or else 4000.
struct PortOption: ParsableArguments {
  @Option(help: ServerSetting.port.help)
  var port: Int?

  static let standard = 4000

  func validate() throws {
    if let port, ServerSetting.port.form.read(.integer(port)) == nil {
      throw ValidationError("--port is \(port); a port is \(ServerSetting.port.form.allowed).")
    }
  }

  /// The port if the command line names none: `SWIFTCHAT_PORT`, or else 4000.
  static func standardNumber() throws(ConfigurationError) -> Int {
    try ServerConfiguration(environment: environmentValue, only: [ServerSetting.port.name])[ServerSetting.port]
      ?? standard
  }
}
