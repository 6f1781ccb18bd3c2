import ChatProtocol

/// A compact form of `IPAddress.addressBlock`: the addresses that share limits.
public struct AddressBlock: Hashable, Sendable, Codable {
  private let high: UInt64
  private let low: UInt64
  private let isFour: Bool

  public init(_ address: IPAddress) {
    let network = address.addressBlock.address.bytes
    high = network.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = network.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    isFour = network.count == 4
  }
}
