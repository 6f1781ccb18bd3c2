import NIOCore

/// The address of a machine. An IPv4 address in IPv6's clothes (`::ffff:192.0.2.7`) is the IPv4 address.
public struct IPAddress: Hashable, Sendable {
  /// 4 or 16.
  public let bytes: [UInt8]

  /// - Returns: nil where the text is no numeric address.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count <= 64, let address = try? SocketAddress(ipAddress: String(text), port: 0) else { return nil }
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

  /// Whose limits it shares: itself, or for IPv6 its /64, which is what one household or one host has.
  public var household: Network {
    Network(containing: self, prefix: bytes.count == 4 ? 32 : 64)
  }
}

extension IPAddress: CustomStringConvertible {
  public var description: String {
    let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
    return address?.ipAddress ?? "?"
  }
}

/// All addresses that begin with the same bits: `192.0.2.0/24`. One address is a network, too.
public struct Network: Hashable, Sendable {
  public let address: IPAddress
  /// Bits.
  public let prefix: Int

  /// - Parameter prefix: more than the address has is as many as it has.
  public init(containing address: IPAddress, prefix: Int) {
    let prefix = min(max(prefix, 0), address.bytes.count * 8)
    let bytes = address.bytes.enumerated().map { index, byte in
      let kept = min(max(prefix - index * 8, 0), 8)
      return byte & (kept == 0 ? 0 : 0xff << UInt8(8 - kept))
    }
    self.address = IPAddress(bytes) ?? address
    self.prefix = prefix
  }

  /// Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    guard parts.count == 2 else {
      self.init(containing: address, prefix: address.bytes.count * 8)
      return
    }
    guard let prefix = parts[1].asCount, prefix <= address.bytes.count * 8 else { return nil }
    self.init(containing: address, prefix: prefix)
  }

  public func contains(_ other: IPAddress) -> Bool {
    other.bytes.count == address.bytes.count && Network(containing: other, prefix: prefix).address == address
  }
}

extension Network: CustomStringConvertible {
  public var description: String {
    prefix == address.bytes.count * 8 ? address.description : "\(address)/\(prefix)"
  }
}
