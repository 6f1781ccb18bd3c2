import ChatModel
import ChatProtocol
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import ChatClient

/// A host with several addresses is reached at the first address that answers.
@Suite(.timeLimit(.minutes(10))) struct HostAddressTests {
  /// A resolver with fixed answers.
  private struct Addresses: Resolver {
    let loop: any EventLoop
    var four: [String] = []
    var six: [String] = []

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { answer(four, port) }
    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { answer(six, port) }
    func cancelQueries() {}

    private func answer(_ addresses: [String], _ port: Int) -> EventLoopFuture<[SocketAddress]> {
      loop.makeCompletedFuture { try addresses.map { try SocketAddress(ipAddress: $0, port: port) } }
    }
  }

  private let loop = MultiThreadedEventLoopGroup.singleton.next()

  private func connect(
    to port: Int, _ security: ClientSession.Security = .plain, four: [String], six: [String] = []
  ) async throws -> (address: String?, pin: Pin?) {
    let connected = try await Connector.connect(
      to: try Endpoint(host: "chat.example.org", port: port), security, on: loop,
      resolver: Addresses(loop: loop, four: four, six: six)
    ).get()
    defer { connected.channel.close(promise: nil) }
    return (connected.channel.remoteAddress?.ipAddress, connected.pin)
  }

  @Test(
    arguments: [
      (["127.0.0.1"], []), (["127.0.0.2", "127.0.0.1"], []), (["127.0.0.2", "127.0.0.3", "127.0.0.1"], []),
      (["127.0.0.1", "127.0.0.2"], []), (["127.0.0.1"], ["::1"]), (["127.0.0.2", "127.0.0.1"], ["::1"]),
    ] as [([String], [String])])
  func `the next address is tried after a refusal`(four: [String], six: [String]) async throws {
    let server = try await LineServer.start { _ in .hangUp }
    #expect(try await connect(to: server.port, four: four, six: six).address == "127.0.0.1")
    try await server.stop()
    let certificate = TestCertificate()
    let encrypted = try await LineServer.start(certificate: certificate) { _ in .hangUp }
    let (address, pin) = try await connect(
      to: encrypted.port, .encrypted(expecting: certificate.pin), four: four, six: six)
    #expect(address == "127.0.0.1" && pin == certificate.pin)
    try await encrypted.stop()
  }

  @Test func `refusals at all addresses are reported as refused`() async throws {
    let reserved = try ReservedPort()
    let port = reserved.number
    do {
      _ = try await connect(to: port, four: ["127.0.0.1", "127.0.0.2"], six: ["::1"])
      Issue.record("connecting succeeded without a listener")
    } catch {
      let failure = ConnectionFailure(error, endpoint: try Endpoint(host: "chat.example.org", port: port))
      #expect(failure.kind == .refused)
      #expect(failure.reason == "connection refused: is a server running on chat.example.org:\(port)?")
    }
    withExtendedLifetime(reserved) {}
  }

  @Test func `a name without an address is reported as a name error`() async throws {
    struct NoSuchName: Error {}
    struct Unknown: Resolver {
      let loop: any EventLoop
      func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { fail(host, port) }
      func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { fail(host, port) }
      func cancelQueries() {}
      private func fail(_ host: String, _ port: Int) -> EventLoopFuture<[SocketAddress]> {
        loop.makeFailedFuture(NoSuchName())
      }
    }
    let endpoint = try Endpoint("chat.example.org")
    do {
      _ = try await Connector.connect(to: endpoint, .plain, on: loop, resolver: Unknown(loop: loop)).get()
      Issue.record("connecting succeeded without an address")
    } catch {
      #expect(ConnectionFailure(error, endpoint: endpoint).reason == "no such host: chat.example.org")
    }
  }
}
