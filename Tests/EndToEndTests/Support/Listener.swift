import Foundation
import Testing

/// Somebody else's server: takes connections on a free port of the loopback and leaves the talking to the test.
final class Listener: Sendable {
  let port: Int

  let descriptor: Descriptor

  /// - Parameter host: an address of the loopback, whose last number may be another one on Linux.
  init(host: UInt32 = 0x7F00_0001) throws {
    descriptor = try Descriptor.socket(family: AF_INET)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = host.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let number = descriptor.number
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = try Descriptor.check("bind", bind(number, pointer, length))
        _ = try Descriptor.check("listen", listen(number, 128))
        _ = try Descriptor.check("getsockname", getsockname(number, pointer, &length))
      }
    }
    // So that waiting for a connection is asking again and again.
    _ = try Descriptor.check("fcntl", fcntl(number, F_SETFL, O_NONBLOCK))
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  /// Waits for the next connection.
  func accept(
    timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> RawClient {
    let client = try await Patience.answer(within: timeout) { () async throws -> RawClient? in
      let number = Foundation.accept(descriptor.number, nil, nil)
      return number < 0 ? nil : RawClient(Descriptor(number))
    }
    return try #require(client, "nobody connected to port \(port)", sourceLocation: sourceLocation)
  }

  /// Waits for a connection that is not encrypted. Before it the client tries TLS, of which this server knows nothing.
  func acceptPlain(sourceLocation: SourceLocation = #_sourceLocation) async throws -> RawClient {
    _ = try await accept(sourceLocation: sourceLocation)
    return try await accept(sourceLocation: sourceLocation)
  }
}
