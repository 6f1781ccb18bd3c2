import ChatModel
import ChatProtocol
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import ChatClient

/// A host with several addresses is reached at the first address that answers.
@Suite(.interacting, .timeLimit(.minutes(10))) struct HostAddressTests {
  private let loop = MultiThreadedEventLoopGroup.singleton.next()

  private func connect(
    to port: Int, _ security: ClientSession.Security = .plain, addresses: [String], excluding: [String] = []
  ) async throws -> (address: String?, pin: Pin?, arrival: Arrival) {
    let host = try HostPort(host: "chat.example.org", port: port)
    let plan = ConnectionPlan(
      endpoint: Endpoint(host), hosts: [host], excluded: excluding.map { HostRecord(host: host, address: $0) }, seed: 1)
    let connected = try await loop.flatSubmit { [loop] in
      let attempts = ConnectionAttempts(plan, security, on: loop) { host, loop in
        loop.makeCompletedFuture { try addresses.map { try SocketAddress(ipAddress: $0, port: host.port) } }
      }
      attempts.start()
      return attempts.result
    }.get()
    defer { connected.channel.close(promise: nil) }
    return (connected.channel.remoteAddress?.ipAddress, connected.pin, connected.arrival)
  }

  /// Keeps other tests from listening on the port at the addresses beside 127.0.0.1.
  /// - Returns: nil if one of them does already.
  private func reserve(_ port: Int) throws -> [ReservedPort]? {
    var reserved: [ReservedPort] = []
    for address in ["127.0.0.2", "127.0.0.3", "::1"] {
      do {
        reserved.append(try ReservedPort(port, at: address))
      } catch let error as ReservedPort.PortError {
        // A machine may lack an address; then nobody listens there.
        if error.isInUse { return nil }
      }
    }
    return reserved
  }

  /// Starts a server at 127.0.0.1. Other addresses refuse connections to its port as long as the ports are reserved.
  private func start(certificate: TestCertificate? = nil) async throws -> (server: LineServer, others: [ReservedPort]) {
    while true {
      let server = try await LineServer.start(certificate: certificate) { _ in .hangUp }
      if let others = try reserve(server.port) { return (server, others) }
      try await server.stop()
    }
  }

  @Test(
    arguments: [
      ["127.0.0.1"], ["127.0.0.2", "127.0.0.1"], ["127.0.0.2", "127.0.0.3", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"],
      ["::1", "127.0.0.1"], ["127.0.0.2", "127.0.0.1", "::1"], ["127.0.0.1", "127.0.0.1"],
    ])
  func `the next address is tried after a refusal`(addresses: [String]) async throws {
    let (server, others) = try await start()
    #expect(try await connect(to: server.port, addresses: addresses).address == "127.0.0.1")
    try await server.stop()
    let certificate = TestCertificate()
    let (encrypted, further) = try await start(certificate: certificate)
    let (address, pin, arrival) = try await connect(
      to: encrypted.port, .encrypted(expecting: certificate.pin), addresses: addresses)
    #expect(address == "127.0.0.1" && pin == certificate.pin)
    #expect(arrival.record.address == "127.0.0.1")
    #expect(arrival.failures.allSatisfy { $0.kind == .refused && $0.record?.address != "127.0.0.1" })
    try await encrypted.stop()
    withExtendedLifetime((others, further)) {}
  }

  @Test func `refusals at all addresses are reported as refused`() async throws {
    var reserved = try ReservedPort()
    var others = try reserve(reserved.number)
    while others == nil {
      reserved = try ReservedPort()
      others = try reserve(reserved.number)
    }
    let port = reserved.number
    do {
      _ = try await connect(to: port, addresses: ["127.0.0.1", "127.0.0.2", "::1"])
      Issue.record("connecting succeeded without a listener")
    } catch let error as ConnectionAttempts.Failed {
      #expect(error.earlier.count == 2)
      let failure = ConnectionFailure.decisive(error.last, after: error.earlier, isPinned: false)
      #expect(failure.kind == .refused)
      #expect(failure.reason == "connection refused: is a server running on chat.example.org:\(port)?")
    }
    withExtendedLifetime((reserved, others)) {}
  }

  #if os(Linux)
    /// A server that hangs accepts connections, and completes no handshake. Only Linux can listen at 127.0.0.2.
    @Test func `an address without an answer does not hold up the next one`() async throws {
      let certificate = TestCertificate()
      let server = try await LineServer.start(certificate: certificate) { _ in .hangUp }
      let silent = try await ServerBootstrap(group: EventLoops.shared).bind(host: "127.0.0.2", port: server.port).get()
      let (address, _, arrival) = try await connect(
        to: server.port, .encrypted(expecting: certificate.pin), addresses: ["127.0.0.2", "127.0.0.1"])
      #expect(address == "127.0.0.1")
      #expect(arrival.siblings.map(\.address) == ["127.0.0.2"])
      try await silent.close()
      try await server.stop()
    }
  #endif

  @Test func `a plan without an address left fails`() async throws {
    do {
      _ = try await connect(to: 1, addresses: ["127.0.0.1"], excluding: ["127.0.0.1"])
      Issue.record("connecting succeeded to an excluded address")
    } catch let error as ConnectionAttempts.Failed {
      #expect(error.last.kind == .nothingLeft && error.earlier == [])
    }
  }

  @Test func `a name without an address is reported as a name error`() async throws {
    do {
      _ = try await connect(to: 4000, addresses: [])
      Issue.record("connecting succeeded without an address")
    } catch let error as ConnectionAttempts.Failed {
      #expect(error.last.reason == "no such host: chat.example.org")
      #expect(error.last.kind == .noSuchHost)
    }
  }

  @Test func `attempts that are given up leave no connection`() async throws {
    let server = try await LineServer.start(certificate: TestCertificate()) { _ in .hangUp }
    let host = try HostPort(host: "127.0.0.1", port: server.port)
    let plan = ConnectionPlan(endpoint: Endpoint(host), hosts: [host], seed: 1)
    await #expect(throws: CancellationError.self) {
      _ = try await loop.flatSubmit { [loop] in
        let attempts = ConnectionAttempts(plan, .encrypted(expecting: nil), on: loop)
        attempts.start()
        attempts.cancel()
        attempts.cancel()
        return attempts.result
      }.get()
    }
    try await server.stop()
  }
}
