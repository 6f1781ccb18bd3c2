import Testing

@testable import ChatServer

@Suite struct ListeningTests {
  @Test func `a port in use is named with a remedy`() async throws {
    let first = try await ChatServer.start(.local())
    var settings = ServerSettings.local()
    settings.port = first.port
    let error = await #expect(throws: ListenError.self) { _ = try await ChatServer.start(settings) }
    #expect(error?.isInUse == true)
    #expect(
      error?.description
        == "cannot listen on 127.0.0.1:\(first.port): another program uses this port; "
        + "stop it, or choose another with --port")
    try await onThread { _ = try SocketClient.join(first, "neha") }
    await first.shutDown()
  }

  #if os(Linux)
    // Only Linux has all of 127.0.0.0/8.
    @Test func `opened sockets are closed again when one address fails`() async throws {
      let busy = try await ChatServer.start(.local())
      var settings = ServerSettings.local()
      settings.port = busy.port
      settings.addresses = [.host("127.0.0.2"), .host("127.0.0.1")]
      await #expect(throws: ListenError.self) { _ = try await ChatServer.start(settings) }
      settings.addresses = [.host("127.0.0.2")]
      let second = try await onFreedPort { try await ChatServer.start(settings) }
      await second.shutDown()
      await busy.shutDown()
    }

    @Test func `an address that is named twice is listened on once`() async throws {
      var settings = ServerSettings.local()
      settings.addresses = [.host("127.0.0.1"), .host("127.0.0.2"), .host("127.0.0.1"), .all]
      settings.addresses.removeLast()
      let server = try await ChatServer.start(settings)
      #expect(server.addresses == ["127.0.0.1:\(server.port)", "127.0.0.2:\(server.port)"])
      await server.shutDown()
    }

    @Test func `several addresses may be given`() async throws {
      var settings = ServerSettings.local()
      settings.addresses = [.host("127.0.0.1"), .host("127.0.0.2")]
      let server = try await ChatServer.start(settings)
      #expect(server.addresses == ["127.0.0.1:\(server.port)", "127.0.0.2:\(server.port)"])
      try await onThread { _ = try SocketClient(port: server.port, host: "127.0.0.2") }
      await server.shutDown()
    }
  #endif

  @Test(arguments: [
    ("bad host!", "cannot listen on bad host!:0: there is no host of this name; choose another with --host"),
    ("", "cannot listen on :0: there is no host of this name; choose another with --host"),
    // 192.0.2.0/24 and 2001:db8::/32 are for documentation: no machine has such an address.
    ("192.0.2.7", "cannot listen on 192.0.2.7:0: this machine has no such address; choose another with --host"),
  ])
  func `an unavailable address is named with a remedy`(host: String, text: String) async throws {
    var settings = ServerSettings.local()
    settings.addresses = [.host(host)]
    let error = await #expect(throws: ListenError.self) { _ = try await ChatServer.start(settings) }
    // Slow name servers are another error.
    let isUnanswered = error?.description.contains("the name cannot be looked up at the moment") == true
    #expect(error?.description == text || isUnanswered, "\(String(describing: error))")
    #expect(error?.isInUse == false)
  }

  @Test func `an IPv6 address is shown in brackets`() async throws {
    var settings = ServerSettings.local()
    settings.addresses = [.host("2001:db8::7")]
    let error = await #expect(throws: ListenError.self) { _ = try await ChatServer.start(settings) }
    #expect(error?.description.hasPrefix("cannot listen on [2001:db8::7]:0: this machine ") == true)
  }

  @Test func `port 0 is one port for all addresses`() async throws {
    let server = try await ChatServer.start(ServerSettings(port: 0))
    #expect(server.port > 0)
    #expect(server.addresses.first == "0.0.0.0:\(server.port)")
    #expect(server.addresses.dropFirst().allSatisfy { $0 == "[::]:\(server.port)" })
    let hasSix = server.addresses.count > 1
    try await onThread {
      let four = try SocketClient.join(server, "four")
      // A machine may have IPv6 without a loopback address.
      guard hasSix, let six = try? SocketClient(port: server.port, host: "::1") else { return }
      try six.send("LOGIN six")
      #expect(try six.line() == "OK")
      try six.send("MSG hello")
      #expect(try four.line() == "MSG six hello")
    }
    await server.shutDown()
  }

  @Test func `all addresses of a host name are listened on`() async throws {
    let all = Set(try await HostResolver.addresses(of: "localhost", port: 1).compactMap(\.ipAddress))
    #expect(all.contains("127.0.0.1"))
    var settings = ServerSettings.local()
    settings.addresses = [.host("localhost")]
    let server = try await ChatServer.start(settings)
    let bound = Set(server.addresses.compactMap { ServerPlace($0)?.hosts.first?.name })
    #expect(bound.contains("127.0.0.1"))
    // Addresses that the machine lacks are skipped.
    #expect(bound.isSubset(of: all))
    for host in bound {
      try await onThread {
        let client = try SocketClient(port: server.port, host: host)
        try client.send("PING")
        _ = try client.line()
      }
    }
    await server.shutDown()
  }

  @Test func `a link-local address needs its interface, which must exist`() async throws {
    for (host, words) in [("fe80::7", "needs its interface"), ("fe80::7%nosuch", "no such interface")] {
      var settings = ServerSettings.local()
      settings.addresses = [.host(host)]
      let error = await #expect(throws: ListenError.self) { _ = try await ChatServer.start(settings) }
      // A machine without IPv6 has another error.
      #expect(
        error?.description.contains(words) == true || error?.description.contains("this machine ") == true,
        "\(String(describing: error))")
      #expect(error?.isConfiguration == true)
    }
  }

  @Test(
    arguments: [
      ([.all], [], "*:4000"), ([.host("0.0.0.0")], [], "*:4000"), ([.host("::")], [], "*:4000"),
      ([.host("127.0.0.1")], [], "127.0.0.1:4000"),
      ([.host("::1"), .host("chat.example.org")], [], "chat.example.org:4000"),
      ([.host("localhost"), .host("192.0.2.7")], [], "192.0.2.7:4000"),
      ([.host("2001:db8::7")], [], "[2001:db8::7]:4000"),
      ([.socket(3)], ["[::]:4000"], "*:4000"),
      ([.socket(3), .socket(4)], ["127.0.0.1:4000", "192.0.2.7:4000"], "192.0.2.7:4000"),
      ([.host("127.0.0.1"), .all], [], "*:4000"),
    ] as [([ListenAddress], [String], String)])
  func `the public address is the one to listen on`(
    addresses: [ListenAddress], bound: [String], text: String
  ) {
    let place = ServerPlace(ServerSettings(addresses: addresses), bound: bound, port: 4000)
    #expect(place.description == text)
    #expect(ServerPlace(text) == place)
    #expect(place.isLoopback == text.hasPrefix("127."))
  }

  @Test func `hosts that the operator names are the public address`() {
    var settings = ServerSettings(addresses: [.host("127.0.0.1")])
    settings.publicHosts = [PublicHost(name: "chat1.example.org"), PublicHost(name: "2001:db8::7", port: 4001)]
    let place = ServerPlace(settings, bound: [], port: 4000)
    #expect(place.description == "chat1.example.org:4000,[2001:db8::7]:4001")
    #expect(ServerPlace(place.description) == place)
    #expect(!place.isLoopback)
    #expect(ServerPlace("chat1.example.org:4000,") == nil)
    #expect(ServerPlace("chat1.example.org:4000,:1") == nil)
  }

  @Test func `IPv6 may come before IPv4`() async throws {
    var settings = ServerSettings.local()
    settings.addresses = [.host("::1")]
    // A machine may have no IPv6.
    guard let six = try? await ChatServer.start(settings) else { return }
    await six.shutDown()
    settings.addresses = [.host("::1"), .host("127.0.0.1")]
    settings.metrics = MetricsSettings(address: MetricsAddress(host: "::1", port: 0), version: "0")
    let server = try await ChatServer.start(settings)
    #expect(server.addresses == ["[::1]:\(server.port)", "127.0.0.1:\(server.port)"])
    await server.shutDown()
  }
}
