import ChatProtocol

/// The prefix lengths of the banned networks: finding the ban of an address takes one look-up per length instead of one
/// per ban.
struct BannedNetworks: Sendable {
  /// The number of networks per length, longest first.
  private var four: [Length] = []
  private var six: [Length] = []

  private struct Length: Sendable {
    var prefix: Int
    var count: Int
  }

  /// Networks that contain the address, smallest first, one per length: each may or may not be banned.
  func networks(around address: IPAddress) -> some Sequence<Network> {
    (address.bytes.count == 4 ? four : six).lazy.map { Network(containing: address, prefix: $0.prefix) }
  }

  mutating func insert(_ network: Network) { change(network, by: 1) }
  mutating func remove(_ network: Network) { change(network, by: -1) }

  private mutating func change(_ network: Network, by difference: Int) {
    if network.address.bytes.count == 4 {
      Self.change(&four, network.prefix, by: difference)
    } else {
      Self.change(&six, network.prefix, by: difference)
    }
  }

  private static func change(_ lengths: inout [Length], _ prefix: Int, by difference: Int) {
    let place = lengths.firstIndex { $0.prefix <= prefix } ?? lengths.count
    if place < lengths.count, lengths[place].prefix == prefix {
      lengths[place].count += difference
      if lengths[place].count <= 0 { lengths.remove(at: place) }
    } else if difference > 0 {
      lengths.insert(Length(prefix: prefix, count: difference), at: place)
    }
  }
}
