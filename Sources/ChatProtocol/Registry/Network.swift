/// All addresses with the same prefix, as in `192.0.2.0/24`. A single address is a network, too.
public struct Network: Hashable, Sendable {
  public let address: IPAddress
  /// Prefix length in bits.
  public let prefix: Int

  /// - Parameter prefix: in bits; clamped to the length of the address.
  public init(containing address: IPAddress, prefix: Int) {
    let prefix = min(max(prefix, 0), address.bytes.count * 8)
    let bytes = address.bytes.enumerated().map { index, byte in
      let kept = min(max(prefix - index * 8, 0), 8)
      return byte & (kept == 0 ? 0 : 0xff << UInt8(8 - kept))
    }
    self.address = IPAddress(bytes) ?? address
    self.prefix = prefix
  }

  /// Reads `192.0.2.7`, `192.0.2.0/24` and `2001:db8::/32`. `::ffff:192.0.2.0/120` is read as `192.0.2.0/24`.
  public init?(_ text: some StringProtocol) {
    let parts = Substring(text).utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let word = parts.first.map({ String(Substring($0)) }), let address = IPAddress(word) else { return nil }
    let bits = address.bytes.count * 8
    guard parts.count == 2 else {
      self.init(containing: address, prefix: bits)
      return
    }
    // The prefix of an IPv4-mapped address counts the 96 bits before the IPv4 address, and must cover them.
    let mappedBits: Int = (word.utf8.contains(UInt8(ascii: ":")) ? 128 : 32) - bits
    guard let prefix = Substring(parts[1]).asCount, prefix >= mappedBits, prefix - mappedBits <= bits else {
      return nil
    }
    self.init(containing: address, prefix: prefix - mappedBits)
  }

  /// Whether the network is a single address.
  public var isOneAddress: Bool { prefix == address.bytes.count * 8 }

  public func contains(_ other: IPAddress) -> Bool {
    other.bytes.count == address.bytes.count && Network(containing: other, prefix: prefix).address == address
  }
}

extension Network: CustomStringConvertible {
  public var description: String {
    isOneAddress ? address.description : "\(address)/\(prefix)"
  }
}
