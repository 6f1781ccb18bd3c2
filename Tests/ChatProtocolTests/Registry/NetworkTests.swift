import ChatProtocol
import NIOCore
import TestSupport
import Testing

@Suite struct NetworkTests {
  @Test(
    arguments: [
      ("192.0.2.7", "192.0.2.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      ("::ffff:192.0.2.7", "192.0.2.7"), ("::FFFF:c000:207", "192.0.2.7"), ("0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"),
      ("::", "::"), ("::1", "::1"), ("2001:DB8::1", "2001:db8::1"), ("2001:db8:0:0:0:0:0:1", "2001:db8::1"),
    ])
  func `an address has one written form`(_ text: String, _ written: String) {
    #expect(IPAddress(text)?.description == written)
    #expect(IPAddress(written) == IPAddress(text))
  }

  @Test(arguments: [
    "", " ", "localhost", "192.0.2", "192.0.2.256", "192.0.2.07", "192.0.2.7 ", " 192.0.2.7", "192.0.2.7.",
    "3232235527", "0x7f.0.0.1", "127.1", "192.0.2.7\0", "::1\0.example", "::g", ":::", "1::2::3", "fe80::1%eth0",
    "fe80::1%1",
    "[::1]", "192.0.2.7/32", "/tmp/socket", "١٢٧.0.0.1", "１27.0.0.1", "@192.0.2.7", String(repeating: "1", count: 65),
  ])
  func `invalid addresses are refused`(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func bytes() throws {
    for count in [0, 1, 3, 5, 15, 17] { #expect(IPAddress([UInt8](repeating: 1, count: count)) == nil) }
    let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 127, 0, 0, 1]
    #expect(IPAddress(mapped)?.bytes == [127, 0, 0, 1])
    #expect(try IPAddress(SocketAddress(unixDomainSocketPath: "/x")) == nil)
    #expect(try IPAddress(SocketAddress(ipAddress: "::ffff:127.0.0.1", port: 1))?.bytes == [127, 0, 0, 1])
  }

  @Test(
    arguments: [
      ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
      ("126.255.255.255", false), ("::", false), ("::2", false), ("1::1", false), ("0.0.0.0", false),
      // The deprecated form, which is a different address.
      ("::127.0.0.1", false),
    ])
  func loopback(_ text: String, _ isLoopback: Bool) {
    #expect(IPAddress(text)?.isLoopback == isLoopback)
  }

  @Test(
    arguments: [
      ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7"),
    ])
  func `an address belongs to an address block`(_ text: String, _ network: String) {
    #expect(IPAddress(text)?.addressBlock.description == network)
  }

  @Test(
    arguments: [
      ("192.0.2.7", "192.0.2.7"), ("192.0.2.7/32", "192.0.2.7"), ("192.0.2.7/24", "192.0.2.0/24"),
      ("192.0.2.255/25", "192.0.2.128/25"), ("192.0.2.7/0", "0.0.0.0/0"), ("2001:db8::7/32", "2001:db8::/32"),
      ("::1/128", "::1"), ("::/0", "::/0"), ("2001:db8:ffff::/33", "2001:db8:8000::/33"),
      ("::ffff:192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7/120", "192.0.2.0/24"), ("::ffff:0.0.0.0/96", "0.0.0.0/0"),
    ])
  func `a network has one written form`(_ text: String, _ written: String) {
    #expect(Network(text)?.description == written)
    #expect(Network(written) == Network(text))
  }

  @Test(arguments: [
    "", "/", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/+1", "192.0.2.0/24/24", "192.0.2.0/ 24",
    "::/129", "::/99999999999999999999", "neha/24", "192.0.2.0/٢", "192.0.2.0/255.255.255.0", "192.0.2.0//24",
    // Larger than the IPv4-mapped range, so half of it is something else.
    "::ffff:192.0.2.0/95", "::ffff:192.0.2.0/24", "192.0.2.0/2\u{301}", "192.0.2.0\u{301}/2",
  ])
  func `invalid networks are refused`(_ text: String) {
    #expect(Network(text) == nil)
  }

  /// Compares containment with a bit by bit comparison.
  @Test func containment() throws {
    func bits(_ address: IPAddress) -> String {
      address.bytes.map { byte in
        let digits = String(byte, radix: 2)
        return String(repeating: "0", count: 8 - digits.count) + digits
      }.joined()
    }
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let address = random.address()
      var bytes = address.bytes
      let changed = random.number(0...bytes.count * 8 - 1)
      bytes[changed / 8] ^= 0x80 >> UInt8(changed % 8)
      let other = random.chance(1, in: 4) ? random.address() : IPAddress(bytes) ?? address
      let network = Network(containing: address, prefix: random.number(-1...130))
      let isInside =
        address.bytes.count == other.bytes.count
        && bits(address).prefix(network.prefix) == bits(other).prefix(network.prefix)
      try #require(network.contains(other) == isInside, "\(network) \(other) \(random)")
      try #require(network.contains(address), "\(random)")
      try #require(Network(network.description) == network, "\(network) \(random)")
      try #require(IPAddress(address.description) == address, "\(address) \(random)")
    }
  }
}
