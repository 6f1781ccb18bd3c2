import ChatProtocol
import ChatRecords
import Synchronization

/// The connections of a node that reads the feed and keeps its lease. Lost connections are replaced at the next call.
final class PostgresFollower: Sendable {
  private let url: PostgresURL
  private let epochs: EpochList
  private let reading = Mutex(Follow())
  private let leasing = Mutex(Follow())

  /// What only one thread uses.
  private struct Follow: @unchecked Sendable {
    var connection: PostgresConnection?
    var hub: HubID?
    /// When the node's contact with the database began that lasts until now.
    var contact: MonotonicTime?
    var lastRenewal: MonotonicTime?
  }

  /// - Parameter epochs: those of the node. A database with another history has another feed.
  init(_ url: PostgresURL, _ epochs: EpochList) {
    self.url = url
    self.epochs = epochs
  }

  func begin(_ hub: HubID) {
    reading.withLock { $0.hub = hub }
    leasing.withLock { $0.hub = hub }
  }

  // MARK: The feed

  func entries(after place: Int, waiting: Duration) throws(LogError) -> [FeedItem] {
    try use(reading, "cannot follow") { connection, follow throws(PostgresError) in
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
    try use(leasing, "cannot renew the lease in") { connection, follow throws(PostgresError) in
      guard let hub = follow.hub else { return 0 }
      let nodes = PostgresNodes(connection: connection)
      try nodes.renew(hub, received: received)
      let now = MonotonicTime.now()
      let contact = follow.contact ?? now
      // A process that was stopped has had no contact either.
      let isSteady = follow.lastRenewal.map { now - $0 < PostgresNodes.lease } ?? true
      follow.contact = isSteady ? contact : now
      follow.lastRenewal = now
      let last = try PostgresState(connection: connection).lastID()
      guard isSteady, now - contact >= PostgresNodes.lease else { return last }
      for dead in try nodes.expired() where dead != hub {
        try connection.transaction { () throws(PostgresError) in
          try connection.execute("SELECT FROM log FOR UPDATE")
          try nodes.end(dead, ifExpired: true)
        }
      }
      return last
    }
  }

  /// What may have happened to a database with another history.
  static let replacements = "a standby or an older copy was put in its place"

  private func use<Value: Sendable>(
    _ follow: borrowing Mutex<Follow>, _ attempt: String,
    _ body: (PostgresConnection, inout Follow) throws(PostgresError) -> Value
  ) throws(LogError) -> Value {
    let result: Result<Value, LogError> = follow.withLock { follow in
      do throws(LogError) {
        let connection: PostgresConnection
        if let open = follow.connection { connection = open } else { connection = try connect() }
        follow.connection = connection
        do throws(PostgresError) {
          return .success(try body(connection, &follow))
        } catch {
          follow.contact = nil
          if error.isLost { follow.connection = nil }
          throw LogError(error, attempt, url)
        }
      } catch {
        follow.contact = nil
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
    guard isOriginal else { throw LogError(.nodeEnded, "\(url) has another history than before: \(Self.replacements)") }
    return connection
  }
}
