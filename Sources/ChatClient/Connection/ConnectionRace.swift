import ChatModel
import ChatProtocol
import DequeModule

/// Attempts at the addresses of a server, one after the other: the next attempt begins when one fails, or after a short
/// time without a result, like Happy Eyeballs (RFC 8305). The first connection that is complete wins.
///
/// A value without sockets, clock or randomness: each event returns the actions to carry out. The owner calls `timer` at
/// `deadline`.
struct ConnectionRace: Sendable {
  enum Action: Hashable {
    /// Answered by `resolved`.
    case resolve(HostPort)
    /// Answered by `failed`, or by the end of the race; `reached` tells that a handshake follows.
    case connect(HostRecord)
    /// All addresses have failed: see `failures`.
    case giveUp
  }

  /// The time for an address to answer before the next one is tried as well (RFC 8305, 5).
  static let attemptDelay = Duration.milliseconds(250)
  /// The time for a host that has accepted the connection to complete its handshake. When thousands of clients come at
  /// once the handshakes take long, and further attempts of each client would multiply the work.
  static let handshakeDelay = Duration.seconds(2)
  /// The limits for addresses of one host, and for all attempts.
  static let maximumRecordsPerHost = 16
  static let maximumAttempts = 64

  private var hosts: Deque<HostPort>
  private var ready: Deque<HostRecord> = []
  private var late: Deque<HostRecord> = []
  private let excluded: Set<HostRecord>
  private let last: Set<HostRecord>
  private var random: SplitMix64
  private var resolving: Set<HostPort> = []
  private var running: Set<HostRecord> = []
  private var known: [HostPort: [HostRecord]] = [:]
  /// The addresses that were tried, also under another name.
  private var places: Set<String> = []
  private var nextAt: MonotonicTime
  private var hasGivenUp = false
  /// In the order in which the attempts failed.
  private(set) var failures: [ConnectionFailure] = []

  init(_ plan: ConnectionPlan, at now: MonotonicTime) {
    hosts = Deque(plan.hosts)
    excluded = Set(plan.excluded)
    last = Set(plan.last)
    random = SplitMix64(seed: plan.seed)
    nextAt = now
  }

  /// The time of the next `timer`; nil if nothing is left to begin.
  var deadline: MonotonicTime? {
    let hasNext = !ready.isEmpty || !hosts.isEmpty || (resolving.isEmpty && !late.isEmpty)
    return hasNext && places.count < Self.maximumAttempts && !hasGivenUp ? nextAt : nil
  }

  /// The other addresses of the host, of the same family.
  func siblings(of record: HostRecord) -> [HostRecord] {
    (known[record.host] ?? []).filter { $0 != record && $0.isIPv6 == record.isIPv6 }
  }

  // MARK: Events

  mutating func start(at now: MonotonicTime) -> [Action] { next(at: now) }

  mutating func timer(at now: MonotonicTime) -> [Action] {
    guard let deadline, deadline <= now else { return [] }
    return next(at: now)
  }

  /// - Parameter addresses: IP addresses in the order of the system's preference; at least one.
  mutating func resolved(_ host: HostPort, _ addresses: [String], at now: MonotonicTime) -> [Action] {
    guard resolving.remove(host) != nil else { return [] }
    enqueue(addresses, of: host)
    return running.isEmpty ? next(at: now) : []
  }

  /// The name has no address.
  mutating func unresolved(_ host: HostPort, _ failure: ConnectionFailure, at now: MonotonicTime) -> [Action] {
    guard resolving.remove(host) != nil else { return [] }
    failures.append(failure)
    return next(at: now)
  }

  /// The host has accepted the connection.
  mutating func reached(_ record: HostRecord, at now: MonotonicTime) {
    if running.contains(record) { nextAt = max(nextAt, now + Self.handshakeDelay) }
  }

  mutating func failed(_ record: HostRecord, _ failure: ConnectionFailure, at now: MonotonicTime) -> [Action] {
    guard running.remove(record) != nil else { return [] }
    failures.append(failure)
    return next(at: now)
  }

  // MARK: The next attempt

  private mutating func next(at now: MonotonicTime) -> [Action] {
    nextAt = now + Self.attemptDelay
    while places.count < Self.maximumAttempts {
      if let record = ready.popFirst() ?? nextHost() ?? (hosts.isEmpty && resolving.isEmpty ? late.popFirst() : nil) {
        // Two names may stand for one address.
        guard places.insert(record.place).inserted else { continue }
        running.insert(record)
        return [.connect(record)]
      }
      guard let host = hosts.popFirst() else { break }
      resolving.insert(host)
      return [.resolve(host)]
    }
    guard running.isEmpty, resolving.isEmpty || places.count >= Self.maximumAttempts, !hasGivenUp else { return [] }
    hasGivenUp = true
    return [.giveUp]
  }

  /// Takes hosts with a numeric address, and those that are excluded, from the front.
  private mutating func nextHost() -> HostRecord? {
    while let host = hosts.first {
      if excluded.contains(HostRecord(host: host, address: nil)) {
        hosts.removeFirst()
      } else if let address = IPAddress(host.host) {
        hosts.removeFirst()
        enqueue([address.description], of: host)
        if let record = ready.popFirst() { return record }
      } else {
        break
      }
    }
    return nil
  }

  /// The families alternate, beginning with the one that the system prefers. Within a family the order is random, so
  /// that the clients of a name with several addresses spread over them.
  private mutating func enqueue(_ addresses: [String], of host: HostPort) {
    var seen: Set<String> = []
    let records = addresses.filter { seen.insert($0).inserted }.map { HostRecord(host: host, address: $0) }
    let prefersIPv6 = records.first?.isIPv6 ?? true
    let preferred = records.filter { $0.isIPv6 == prefersIPv6 }.shuffled(using: &random)
    let others = records.filter { $0.isIPv6 != prefersIPv6 }.shuffled(using: &random)
    var ordered: [HostRecord] = []
    for index in 0..<max(preferred.count, others.count) {
      if index < preferred.count { ordered.append(preferred[index]) }
      if index < others.count { ordered.append(others[index]) }
    }
    ordered = Array(ordered.prefix(Self.maximumRecordsPerHost))
    known[host] = ordered
    for record in ordered where !excluded.contains(record) {
      if last.contains(record) { late.append(record) } else { ready.append(record) }
    }
  }
}
