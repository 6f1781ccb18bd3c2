import ArgumentParser
import ChatModel

/// The server that the user names on the command line: the argument of `connect`, and `--server` of the commands for
/// scripts.
enum ServerArgument {
  static let forms = "HOST, HOST:PORT, [IPV6]:PORT or a link, swiftchat://HOST:PORT/?pin=…"
  static let standard = "localhost:4000, or the port of $SWIFTCHAT_PORT"

  /// - Parameter text: nil for the default server.
  /// - Throws: `ValidationError` if the text names no server; `ConfigurationError` for an invalid `$SWIFTCHAT_PORT`.
  static func resolve(_ text: String?) throws -> ShareLink {
    do {
      if let text { return try ShareLink(text) }
      let port = try PortOption.standardNumber()
      // Port 0 makes a server choose a port, so that the client cannot find it there.
      return ShareLink(endpoint: try Endpoint(host: "localhost", port: port == 0 ? PortOption.standard : port))
    } catch let error as ShareLinkError {
      throw ValidationError(error.description)
    } catch let error as EndpointError {
      throw ValidationError(error.description)
    }
  }
}
