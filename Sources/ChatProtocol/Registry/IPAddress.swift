import NIOCore

/// The address of a host. An IPv4-mapped IPv6 address (`::ffff:192.0.2.7`) is stored as the IPv4 address.
public struct IPAddress: Hashable, Sendable {
  /// 4 or 16 bytes, in network order.
  public let bytes: [UInt8]

  /// - Returns: nil if the text is not a numeric address.
  public init?(_ text: some StringProtocol) {
    // The system also reads scopes (`fe80::1%eth0`), which have a meaning on this host only, and stops at a NUL.
    guard text.utf8.count <= 64, !text.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "%") }) else { return nil }
    guard let address = try? SocketAddress(ipAddress: String(text), port: 0) else { return nil }
    self.init(address)
  }

  /// - Returns: nil for a Unix domain socket.
  public init?(_ address: SocketAddress) {
    switch address {
    case .v4(let four): self.init(withUnsafeBytes(of: four.address.sin_addr) { Array($0) })
    case .v6(let six): self.init(withUnsafeBytes(of: six.address.sin6_addr) { Array($0) })
    case .unixDomainSocket: return nil
    }
  }

  /// - Returns: nil unless there are 4 or 16 bytes.
  public init?(_ bytes: [UInt8]) {
    switch bytes.count {
    case 4: self.bytes = bytes
    case 16: self.bytes = bytes.prefix(12) == Self.mapped[...] ? Array(bytes.suffix(4)) : bytes
    default: return nil
    }
  }

  /// `::ffff:0:0/96` (RFC 4291, 2.5.5.2).
  private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

  public var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
  }

  /// `fe80::/10`: all machines on a link share the /64 (RFC 4291, 2.5.6).
  public var isLinkLocal: Bool { bytes.count == 16 && bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80 }

  /// The network that shares one set of limits: the address itself, or the /64 of an IPv6 address, which is usually
  /// assigned to one subscriber or host. A link-local address stands for itself, because all hosts on a link share the
  /// same /64.
  public var addressBlock: Network {
    Network(containing: self, prefix: bytes.count == 4 || isLinkLocal ? 128 : 64)
  }
}

extension IPAddress: CustomStringConvertible {
  public var description: String {
    let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
    return address?.ipAddress ?? "?"
  }
}
