import Foundation
import TestSupport
import Testing

/// A foreign server: accepts connections on a free loopback port; the test implements the protocol.
final class Listener: Sendable {
  let port: Int

  let descriptor: Descriptor

  /// - Parameters:
  ///   - host: a loopback address; on Linux the last number may differ from 1.
  ///   - port: 0 for any free port of that address.
  init(host: UInt32 = 0x7F00_0001, port wanted: Int = 0) throws {
    descriptor = try Descriptor.socket(family: AF_INET)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = host.bigEndian
    address.sin_port = UInt16(clamping: wanted).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let number = descriptor.number
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = try Descriptor.check("bind", bind(number, pointer, length))
        _ = try Descriptor.check("listen", listen(number, 128))
        _ = try Descriptor.check("getsockname", getsockname(number, pointer, &length))
      }
    }
    // Accepting must not block, because `accept` polls.
    _ = try Descriptor.check("fcntl", fcntl(number, F_SETFL, O_NONBLOCK))
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  /// Waits for the next connection.
  func accept(
    timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> RawClient {
    let client = try await next(within: timeout)
    return try #require(client, "nobody connected to port \(port)", sourceLocation: sourceLocation)
  }

  private func next(within timeout: Duration) async throws -> RawClient? {
    try await Patience.answer(within: timeout) { () async throws -> RawClient? in
      let number = Foundation.accept(descriptor.number, nil, nil)
      return number < 0 ? nil : RawClient(Descriptor(number))
    }
  }

  /// Sends the text to everyone who connects, until the task is cancelled: a client gives up a connection that is
  /// answered late, and opens another.
  /// - Parameter met: called with each connection, which is kept open.
  func greet(with text: String, met: @escaping @Sendable (RawClient) -> Void = { _ in }) async throws {
    var clients: [RawClient] = []
    while !Task.isCancelled {
      guard let client = try await next(within: Patience.limit) else { continue }
      clients.append(client)
      met(client)
      // Fails if the client has given up.
      try? await client.send(text)
    }
  }

  /// Waits for a plaintext connection. The client tries TLS first, which this server does not support.
  func acceptPlain(sourceLocation: SourceLocation = #_sourceLocation) async throws -> RawClient {
    _ = try await accept(sourceLocation: sourceLocation)
    return try await accept(sourceLocation: sourceLocation)
  }
}
