import ChatModel
import ChatProtocol

/// Which of the server's hosts to try next.
///
/// A round ends when every host has failed, or when a connection has lasted. Within a round, a host whose connection was
/// lost is not tried again, so that a client that each host drops at once does not go around without a pause.
struct HostRotation: Sendable {
  /// Hosts have at most this many addresses that are remembered.
  private static let mostRecords = 256

  /// The address of the present connection, or of the last one; nil if it is not known.
  private(set) var current: HostRecord?
  /// Addresses that have failed in this round.
  private(set) var tried: [HostRecord] = []
  /// Known addresses of hosts that have several.
  private var siblings: [HostRecord] = []
  /// Addresses at which the server has refused the client since the last connection that lasted.
  private var unwilling: [HostRecord] = []
  /// The reason of the last loss in this round, for display.
  private(set) var lastReason: String?

  /// A random order, so that the clients of a lost host spread over all others.
  func plan(for endpoint: Endpoint, using random: inout SplitMix64) -> ConnectionPlan {
    let hosts = endpoint.hosts.shuffled(using: &random)
    let failed = Set((tried + unwilling).map(\.host))
    return ConnectionPlan(
      endpoint: endpoint, hosts: hosts.filter { !failed.contains($0) } + hosts.filter(failed.contains),
      excluded: tried, last: unwilling.filter { !tried.contains($0) }, seed: random.next())
  }

  mutating func arrived(_ arrival: Arrival?) {
    current = arrival?.record
    for failure in arrival?.failures ?? [] { note(failure) }
    for sibling in arrival?.siblings ?? [] { Self.add(sibling, to: &siblings) }
  }

  /// A connection was lost, or given up before it was of use.
  /// - Parameters:
  ///   - isRefusal: whether the host takes no clients now.
  ///   - hasLasted: whether it was of use for long enough to begin another round.
  /// - Returns: whether another address remains to be tried in this round.
  mutating func lost(_ reason: String, at endpoint: Endpoint, isRefusal: Bool, hasLasted: Bool) -> Bool {
    // Another round begins. The name still has its other addresses.
    if hasLasted { (tried, unwilling) = ([], []) }
    guard let current else { return false }
    lastReason = reason
    Self.add(current, to: &tried)
    if isRefusal { Self.add(current, to: &unwilling) }
    let hosts = Set(tried.map(\.host))
    return endpoint.hosts.contains { !hosts.contains($0) } || siblings.contains { !tried.contains($0) }
  }

  /// An attempt has failed.
  mutating func note(_ failure: ConnectionFailure) {
    guard let record = failure.record else { return }
    Self.add(record, to: &tried)
    if failure.isRefusalOfServer { Self.add(record, to: &unwilling) }
  }

  /// Whether the host has other addresses, known in this round.
  var knowsOthers: Bool { siblings.contains { $0 != current } }

  /// The number of hosts that have failed in this round, apart from this one.
  func others(than host: HostPort?) -> Int { Set(tried.map(\.host)).subtracting(host.map { [$0] } ?? []).count }

  /// All hosts have failed.
  mutating func endRound() { (tried, siblings, lastReason) = ([], [], nil) }

  private static func add(_ record: HostRecord, to records: inout [HostRecord]) {
    if records.count < mostRecords, !records.contains(record) { records.append(record) }
  }
}
