import ArgumentParser
import ChatModel
import ChatProtocol
import ChatServer
import Platform

extension PublicHost {
  /// Reads `HOST`, `HOST:PORT`, `IPV6`, `[IPV6]` or `[IPV6]:PORT`.
  init(_ text: String) throws(EndpointError) {
    if let name = try? ListenHost.resolve(text) {
      self.init(name: name)
    } else {
      let host = try HostPort(text)
      self.init(name: host.host, port: host.port)
    }
  }

  /// Reads several hosts with commas in between.
  static func list(_ text: String) throws(EndpointError) -> [PublicHost] {
    // The rules for a list, which are those of an address that a user connects to.
    _ = try Endpoint(text)
    var hosts: [PublicHost] = []
    for part in text.split(separator: ",") {
      hosts.append(try PublicHost(part.filter { $0 != " " }))
    }
    return hosts
  }

  /// The text as `init` reads it.
  var text: String { port.map { hostAndPort(name, $0) } ?? name }
}

/// Parses a public host on the command line.
/// - Throws: `ValidationError` with the reason if the text is not a host.
@Sendable
func publicHostArgument(_ text: String) throws -> String {
  do { return try PublicHost(text).text } catch { throw ValidationError(error.description) }
}
