import ChatProtocol

/// Whose limits an address shares (`IPAddress.household`), in as little memory as there are bits.
struct Household: Hashable, Sendable {
  private let bits: UInt64
  private let isFour: Bool

  init(_ address: IPAddress) {
    let network = address.household.address.bytes
    bits = network.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    isFour = network.count == 4
  }
}
