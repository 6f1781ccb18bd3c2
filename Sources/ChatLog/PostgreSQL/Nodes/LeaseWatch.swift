import ChatProtocol
import ChatRecords

/// Decides which nodes are dead: their leases have expired by the database's clock, and this node has not seen them
/// renewed for most of a lease by its own clock. It decides only while it is itself in contact with the database, for a
/// whole lease at least.
///
/// After an outage of the database, or a step of its clock, the leases of all nodes may have expired: those that are
/// alive first get time to renew theirs.
struct LeaseWatch {
  /// The time since which the node has been in contact with the database without a break; nil without contact.
  private var contact: MonotonicTime?
  private var lastRenewal: MonotonicTime?
  /// The ends of all leases, and when each was first seen.
  private var leases: [HubID: (end: Int64, seen: MonotonicTime)] = [:]

  /// How long a lease must have been seen without a renewal before its node counts as dead. A node that is alive renews
  /// its lease several times meanwhile. Shorter than a lease, so that the names of a killed node become free when its
  /// lease ends.
  static let patience = Duration.seconds(5)

  mutating func loseContact() { contact = nil }

  /// The node has renewed its own lease.
  /// - Parameter current: the leases of all nodes.
  /// - Returns: the dead nodes.
  mutating func renewed(_ current: [PostgresNodes.Lease], at now: MonotonicTime) -> [HubID] {
    // A process that was stopped had no contact either.
    let isSteady = lastRenewal.map { now - $0 < PostgresNodes.lease } ?? true
    let start = isSteady ? contact ?? now : now
    contact = start
    lastRenewal = now
    var next: [HubID: (end: Int64, seen: MonotonicTime)] = [:]
    for lease in current {
      let earlier = leases[lease.hub].flatMap { $0.end == lease.end ? $0.seen : nil }
      next[lease.hub] = (lease.end, earlier ?? now)
    }
    leases = next
    guard now - start >= PostgresNodes.lease else { return [] }
    return current.filter { lease in
      guard lease.isExpired, let seen = next[lease.hub]?.seen else { return false }
      return now - seen >= Self.patience
    }.map(\.hub)
  }
}
