import ChatProtocol

/// How long the prefixes of the banned networks are: to find the ban of an address takes one look for each length, and
/// not one for each ban.
struct BannedNetworks: Sendable {
  /// How many there are of each length, the longest first.
  private var four: [Length] = []
  private var six: [Length] = []

  private struct Length: Sendable {
    var prefix: Int
    var count: Int
  }

  /// Those that hold the address, the smallest first, with others that might have.
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
