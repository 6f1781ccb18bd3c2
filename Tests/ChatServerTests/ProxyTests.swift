import ChatHub
import ChatProtocol
import NIOCore
import TestSupport
import Testing

@testable import ChatServer

/// Connections through a proxy with the PROXY protocol, version 2.
@Suite struct ProxyTests {
  private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]

  private static func header(
    _ addresses: [UInt8], command: UInt8 = 0x21, family: UInt8 = 0x11, length: Int? = nil
  ) -> [UInt8] {
    let length = length ?? addresses.count
    return signature + [command, family, UInt8(length >> 8 & 0xff), UInt8(length & 0xff)] + addresses
  }

  private static func four(_ last: UInt8, more: [UInt8] = []) -> [UInt8] {
    header([192, 0, 2, last, 198, 51, 100, 1, 0x30, 0x39, 0x0f, 0xa0] + more)
  }

  private static let six: [UInt8] =
    header(
      [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [7] + [UInt8](repeating: 9, count: 16) + [0, 1, 0, 2],
      family: 0x21)

  private static func read(_ bytes: [UInt8]) throws -> (header: ProxyHeader?, rest: Int) {
    var buffer = ByteBuffer(bytes: bytes)
    let header = try ProxyHeader.read(from: &buffer)
    return (header, buffer.readableBytes)
  }

  // MARK: The header

  @Test func `the address is that of the source, and later fields are skipped`() throws {
    let address = try #require(IPAddress("192.0.2.7"))
    for more in [[], [4, 0, 3, 1, 2, 3]] as [[UInt8]] {
      let (header, rest) = try Self.read(Self.four(7, more: more) + Array("LOGIN".utf8))
      #expect(header == .client(address, port: 12345))
      #expect(rest == 5)
    }
    let sixth = try #require(IPAddress("2001:db8::7"))
    #expect(try Self.read(Self.six).header == .client(sixth, port: 1))
  }

  @Test func `a health check of the proxy has no address`() throws {
    #expect(try Self.read(Self.header([], command: 0x20, family: 0)).header == .local)
    #expect(try Self.read(Self.header([1, 2, 3], command: 0x20, family: 0x31)).header == .local)
    #expect(try Self.read(Self.header([], family: 0)).header == .local)
  }

  @Test func `an incomplete header is waited for, without being consumed`() throws {
    for whole in [Self.four(7, more: [1, 2, 3]), Self.six] {
      for count in 0..<whole.count {
        let (header, rest) = try Self.read(Array(whole.prefix(count)))
        #expect(header == nil && rest == count, "\(count)")
      }
    }
  }

  @Test(
    arguments: [
      (Array("LOGIN neha\n".utf8), .notThere), (Array("PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n".utf8), .notThere),
      ([22, 3, 1], .notThere), (signature.dropLast() + [11], .notThere),
      (header([], command: 0x11), .version(1)), (header([], command: 0x31), .version(3)),
      (header([], command: 0x22), .command(2)), (header([UInt8](repeating: 0, count: 12), family: 0x12), .family(0x12)),
      (header([UInt8](repeating: 0, count: 216), family: 0x31), .family(0x31)),
      (header([], length: 2049), .tooLong(2049)), (header([], length: 65535), .tooLong(65535)),
      (header([UInt8](repeating: 1, count: 11)), .tooShort(11)),
      (header([UInt8](repeating: 1, count: 35), family: 0x21), .tooShort(35)), (header([]), .tooShort(0)),
    ] as [([UInt8], ProxyHeader.Failure)])
  private func `anything but a proxy header is refused`(bytes: [UInt8], failure: ProxyHeader.Failure) {
    #expect(throws: failure) { try Self.read(bytes) }
  }

  @Test func `no bytes cause a trap or a read beyond the end`() {
    for seed in SeededGenerator.seeds(200) {
      var random = SeededGenerator(seed: seed)
      var bytes = random.next() % 2 == 0 ? Self.four(7) : Self.six
      for _ in 0..<Int(random.next() % 4) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() % 256)
      }
      bytes = Array(bytes.prefix(Int(random.next() % UInt64(bytes.count + 1))))
      _ = try? Self.read(bytes)
    }
  }

  // MARK: The server

  private static var settings: ServerSettings {
    var settings = ServerSettings.local()
    settings.hub.limits.connectionsPerAddress = 1
    if let loopback = Network("127.0.0.1") { settings.peerTrust.proxies = [loopback] }
    return settings
  }

  @Test func `limits count the client's address, in plain text and over TLS`() async throws {
    try await withServer(Self.settings) { server in
      let neha = try SocketClient(port: server.port)
      // Split into single bytes.
      for byte in Self.four(7) { try neha.send([byte]) }
      try neha.send("LOGIN neha", "PING")
      #expect(try neha.lines(2) == ["OK", "PONG"])
      let again = try SocketClient(port: server.port)
      try again.send(Self.four(7) + Array("LOGIN again\n".utf8))
      #expect(try again.line() == "ERR too-many-connections")
      let other = try SocketClient(port: server.port)
      try other.send(Self.four(8) + [22] + Array("LOGIN other\nMSG hello\n".utf8))
      let answer = try other.readToEnd()
      // A TLS alert is a record of type 21.
      #expect(answer.isEmpty || answer[0] == 21, "\(answer)")
      let akash = try SocketClient(port: server.port)
      try akash.send(Self.six + Array("LOGIN akash\nWHO\n".utf8))
      #expect(try akash.lines(3) == ["OK", "USER neha", "USER akash"])
    }
  }

  /// A closed socket has no address.
  @Test func `the log names both ends even after the connection has ended`() async throws {
    let log = LogLines()
    let ports = try await withServer(Self.settings, logger: log.logger(.debug)) { server in
      let neha = try SocketClient(port: server.port)
      try neha.send(Self.four(7) + Array("LOGIN neha\n".utf8))
      #expect(try neha.line() == "OK")
      let opened = try #require(log.addresses["connection opened"])
      #expect(opened.hasPrefix("192.0.2.7:12345 through 127.0.0.1:"))
      #expect(log.addresses["logged in"] == opened)
      neha.close()
      try eventually("neha has left") { log.addresses["left"] != nil }
      return opened
    }
    #expect(log.addresses["left"] == ports)
    let direct = LogLines()
    try await withServer(logger: direct.logger(.debug)) { server in
      let akash = try SocketClient.join(server, "akash")
      akash.reset()
      try eventually("akash has left") { direct.addresses["left"] != nil }
    }
    #expect(direct.addresses["left"]?.hasPrefix("127.0.0.1:") == true)
    #expect(direct.addresses["left"] == direct.addresses["connection opened"])
  }

  @Test(arguments: [Array("LOGIN neha\nMSG hello\n".utf8), Array(four(7).dropFirst()), header([], command: 0x11)])
  private func `a connection from a proxy without a header is hung up on, and nothing is obeyed`(bytes: [UInt8])
    async throws
  {
    try await withServer(Self.settings) { server in
      let client = try SocketClient(port: server.port)
      try client.send(bytes)
      #expect((try? client.readToEnd()) ?? [] == [])
      let neha = try SocketClient(port: server.port)
      try neha.send(Self.four(7) + Array("LOGIN neha\nWHO\n".utf8))
      #expect(try neha.lines(2) == ["OK", "USER neha"])
    }
  }

  @Test func `a header from another address is an ordinary line`() async throws {
    var settings = Self.settings
    settings.peerTrust.proxies = [Network("192.0.2.0/24")].compactMap { $0 }
    try await withServer(settings) { server in
      let client = try SocketClient(port: server.port)
      try client.send(Self.four(7) + Array("\nLOGIN neha\n".utf8))
      #expect(try client.line()?.hasPrefix("ERR ") == true)
    }
  }

  @Test func `untrusted loopback connections do not count as the host`() async throws {
    var settings = ServerSettings.local()
    settings.hub.limits.connectionsPerAddress = 1
    settings.peerTrust.trustsLoopback = false
    try await withServer(settings) { server in
      let first = try SocketClient.join(server, "neha")
      let second = try SocketClient(port: server.port)
      #expect(try second.line() == "ERR too-many-connections")
      try first.send("PING")
      #expect(try first.line() == "PONG")
    }
  }
}
