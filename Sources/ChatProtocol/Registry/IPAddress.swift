import NIOCore

/// The address of a machine. An IPv4 address in IPv6's clothes (`::ffff:192.0.2.7`) is the IPv4 address.
public struct IPAddress: Hashable, Sendable {
  /// 4 or 16.
  public let bytes: [UInt8]

  /// - Returns: nil where the text is no numeric address.
  public init?(_ text: some StringProtocol) {
    // The system also reads scopes (`fe80::1%eth0`), which only mean something here, and stops at a NUL.
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

  /// - Returns: nil where they are neither 4 nor 16.
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

  /// The network whose limits it shares: itself, or for IPv6 its /64, which one address block or one host has; but for
  /// link-local addresses, which all neighbours have of the same /64.
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
