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
    var watch = LeaseWatch()
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

  /// Renews the lease, and declares others dead, see `LeaseWatch`.
  func renewLease(received: Int, at now: MonotonicTime = .now()) throws(LogError) -> Int {
    guard let hub = lease.withLock({ $0.hub }) else { return 0 }
    do throws(LogError) { return try renewLease(of: hub, received: received, at: now) } catch {
      lease.withLock { $0.watch.loseContact() }
      throw error
    }
  }

  private func renewLease(of hub: HubID, received: Int, at now: MonotonicTime) throws(LogError) -> Int {
    try use(leasing, "cannot renew the lease in") { connection throws(PostgresError) in
      let nodes = PostgresNodes(connection: connection)
      try nodes.renew(hub, received: received)
      let last = try PostgresState(connection: connection).lastID()
      let leases = try nodes.leases()
      for dead in lease.withLock({ $0.watch.renewed(leases, at: now) }) where dead != hub {
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
