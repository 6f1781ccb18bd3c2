import ChatProtocol
import DequeModule

/// The recent address blocks of members who have left, by nickname: a sanction also covers guests at the address of a
/// person who left just before it.
struct RecentPeople: Sendable {
  private var places: [Nickname: Place] = [:]
  /// In the order of departure, including members who have returned since.
  private var order: Deque<Departure> = []

  private static let maximumCount = 4096
  private static let period = Duration.seconds(3600)

  private struct Place: Sendable {
    var network: Network
    var time: MonotonicTime
  }

  private struct Departure: Sendable {
    var name: Nickname
    var time: MonotonicTime
  }

  func network(of name: Nickname) -> Network? { places[name]?.network }

  mutating func note(_ name: Nickname, at network: Network, _ now: MonotonicTime) {
    if order.count >= Self.maximumCount { removeFirst() }
    places[name] = Place(network: network, time: now)
    order.append(Departure(name: name, time: now))
  }

  mutating func forget(at now: MonotonicTime) {
    while let first = order.first, now - first.time >= Self.period { removeFirst() }
  }

  private mutating func removeFirst() {
    guard let first = order.popFirst(), places[first.name]?.time == first.time else { return }
    places[first.name] = nil
  }
}
