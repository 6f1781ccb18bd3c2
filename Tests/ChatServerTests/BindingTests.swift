import Logging
import NIOCore
import NIOPosix
import Testing

@testable import ChatServer

/// Listening on all addresses of a host name.
@Suite struct BindingTests {
  private func binding(_ addresses: [String], logger: Logger? = nil) -> Binding {
    Binding(
      bootstrap: { ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton) }, logger: logger,
      resolve: { _, port in try addresses.map { try SocketAddress(ipAddress: $0, port: port) } })
  }

  private func close(_ listeners: [any Channel]) async throws {
    for listener in listeners { try await listener.close() }
  }

  private static let name = ListenAddress.host("chat.example.org")

  #if os(Linux)
    // Only Linux has all of 127.0.0.0/8.
    @Test(arguments: [
      ["127.0.0.1", "127.0.0.2", "127.0.0.3"], ["127.0.0.3", "127.0.0.1"], ["127.0.0.2", "127.0.0.1", "127.0.0.2"],
    ])
    func `all addresses of a name are listened on, each once and on the same port`(addresses: [String]) async throws {
      let listeners = try await binding(addresses).listen(on: [Self.name], port: 0)
      let bound = listeners.compactMap(\.localAddress)
      #expect(Set(bound.compactMap(\.ipAddress)) == Set(addresses))
      #expect(bound.count == Set(addresses).count)
      #expect(bound.first?.ipAddress == addresses.first)
      let port = try #require(bound.first?.port)
      #expect(port > 0 && bound.allSatisfy { $0.port == port })
      try await onThread {
        for address in addresses { _ = try SocketClient(port: port, host: address) }
      }
      try await close(listeners)
    }

    @Test func `an address that two names share is listened on once`() async throws {
      let listeners = try await binding(["127.0.0.1", "127.0.0.2"])
        .listen(on: [Self.name, .host("other.example.org")], port: 0)
      #expect(listeners.compactMap(\.localAddress?.ipAddress) == ["127.0.0.1", "127.0.0.2"])
      try await close(listeners)
    }

    @Test func `an address in use fails the name, and the others are closed again`() async throws {
      let busy = try await binding(["127.0.0.2"]).listen(on: [Self.name], port: 0)
      let port = try #require(busy.first?.localAddress?.port)
      let error = await #expect(throws: ListenError.self) {
        _ = try await binding(["127.0.0.4", "127.0.0.2", "127.0.0.5"]).listen(on: [Self.name], port: port)
      }
      #expect(error?.isInUse == true)
      #expect(error?.description.hasPrefix("cannot listen on chat.example.org:\(port): another program ") == true)
      let others = try await onFreedPort {
        try await binding(["127.0.0.4", "127.0.0.5"]).listen(on: [Self.name], port: port)
      }
      try await close(others)
      try await close(busy)
    }
  #endif

  @Test(arguments: [
    ["192.0.2.7", "127.0.0.1"], ["127.0.0.1", "192.0.2.7"], ["192.0.2.7", "127.0.0.1", "192.0.2.8"],
  ])
  func `missing addresses are skipped and named while there is another one`(
    addresses: [String]
  ) async throws {
    let lines = LogLines()
    let listeners = try await binding(addresses, logger: lines.logger(.notice)).listen(on: [Self.name], port: 0)
    #expect(listeners.compactMap(\.localAddress?.ipAddress) == ["127.0.0.1"])
    #expect(lines.all.count == addresses.count - 1)
    #expect(lines.all.allSatisfy { $0.hasPrefix("notice an address of the host is left out") }, "\(lines.all)")
    try await close(listeners)
  }

  @Test func `a name without a local address is refused`() async throws {
    let error = await #expect(throws: ListenError.self) {
      _ = try await binding(["192.0.2.7", "192.0.2.8"]).listen(on: [Self.name], port: 4000)
    }
    #expect(error?.isConfiguration == true)
    #expect(
      error?.description == "cannot listen on chat.example.org:4000: this machine has no such address; "
        + "choose another with --host")
  }
}
