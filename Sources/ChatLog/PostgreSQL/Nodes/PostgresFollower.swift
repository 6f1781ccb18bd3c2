import ChatProtocol
import ChatRecords
import Synchronization

/// The connections of a node that reads the feed and keeps its lease. Lost connections are replaced at the next call.
final class PostgresFollower: Sendable {
  private let url: PostgresURL
  private let epochs: EpochList
  private let reading = Mutex(Link())
  private let leasing = Mutex(Link())
  private let lease = Mutex(Lease())

  /// The connection of one thread.
  private struct Link: @unchecked Sendable {
    // Unchecked, because connections are not Sendable: the mutex gives this one to one thread at a time.
    var connection: PostgresConnection?
  }

  private struct Lease {
    var hub: HubID?
    /// The time since which the node has been in contact with the database without a break; nil without contact.
    var contact: MonotonicTime?
    var lastRenewal: MonotonicTime?

    /// The lease was renewed.
    /// - Returns: whether the node has been in contact for a whole lease.
    mutating func renewed(at now: MonotonicTime) -> Bool {
      // A process that was stopped had no contact either.
      let isSteady = lastRenewal.map { now - $0 < PostgresNodes.lease } ?? true
      let start = isSteady ? contact ?? now : now
      contact = start
      lastRenewal = now
      return now - start >= PostgresNodes.lease
    }
  }

  /// - Parameter epochs: those of the node. A database with another history has another feed.
  init(_ url: PostgresURL, _ epochs: EpochList) {
    self.url = url
    self.epochs = epochs
  }

  func begin(_ hub: HubID) { lease.withLock { $0.hub = hub } }

  // MARK: The feed

  func entries(after place: Int, waiting: Duration) throws(LogError) -> [FeedItem] {
    try use(reading, "cannot follow") { connection throws(PostgresError) in
      let feed = PostgresFeed(connection: connection)
      let items = try feed.items(after: place)
      guard items.isEmpty else { return items }
      try connection.waitForNotice(for: waiting)
      return try feed.items(after: place)
    }
  }

  // MARK: The lease

  /// Others are declared dead only by a node that itself was in contact for a whole lease: after an outage of the
  /// database all leases have expired, and the other nodes first get time to renew theirs.
  func renewLease(received: Int) throws(LogError) -> Int {
    guard let hub = lease.withLock({ $0.hub }) else { return 0 }
    do throws(LogError) { return try renewLease(of: hub, received: received) } catch {
      lease.withLock { $0.contact = nil }
      throw error
    }
  }

  private func renewLease(of hub: HubID, received: Int) throws(LogError) -> Int {
    try use(leasing, "cannot renew the lease in") { connection throws(PostgresError) in
      let nodes = PostgresNodes(connection: connection)
      try nodes.renew(hub, received: received)
      let last = try PostgresState(connection: connection).lastID()
      guard lease.withLock({ $0.renewed(at: .now()) }) else { return last }
      for dead in try nodes.expired() where dead != hub {
        try connection.transaction { () throws(PostgresError) in
          try connection.execute("SELECT FROM log FOR UPDATE")
          try nodes.end(dead, ifExpired: true)
        }
      }
      return last
    }
  }

  // MARK: Connections

  private func use<Value: Sendable>(
    _ link: borrowing Mutex<Link>, _ attempt: String, _ body: (PostgresConnection) throws(PostgresError) -> Value
  ) throws(LogError) -> Value {
    let result: Result<Value, LogError> = link.withLock { link in
      do throws(LogError) {
        let connection: PostgresConnection
        if let open = link.connection { connection = open } else { connection = try connect() }
        link.connection = connection
        do throws(PostgresError) {
          return .success(try body(connection))
        } catch {
          if error.isLost { link.connection = nil }
          throw LogError(error, attempt, url)
        }
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func connect() throws(LogError) -> PostgresConnection {
    let connection = try PostgresConnection(url)
    let isOriginal: Bool
    do throws(PostgresError) {
      try connection.run("LISTEN \(PostgresSchema.channel)")
      isOriginal = try PostgresEpochs(connection: connection).isOriginal(epochs)
    } catch { throw LogError(error, "cannot follow", url) }
    guard isOriginal else { throw .otherHistory(url) }
    return connection
  }
}

extension LogError {
  /// The database was replaced: a node must begin again.
  static func otherHistory(_ url: PostgresURL) -> LogError {
    LogError(
      .nodeEnded, "\(url) has another history than before: a standby or an older copy was put in its place")
  }
}
