import ChatProtocol
import ChatRecords
import Platform

// Several servers on one database.

extension PostgresLog: SharedLog {
  public func begin(_ name: String) throws(LogError) -> SharedLogState {
    let process = ProcessIdentity(of: getpid())?.text ?? ""
    // Including those of earlier runs, which were stored if only the answers were lost.
    var abandoned = AbandonedLives.take(of: secret)
    let life: PostgresNodes.Life
    do throws(LogError) {
      life = try writer.write(.whenStored, "cannot join") { connection, _ throws(PostgresError) in
        try connection.execute("SELECT FROM log FOR UPDATE")
        let nodes = PostgresNodes(connection: connection)
        for orphan in try nodes.orphans() { try nodes.end(orphan, ifExpired: false) }
        for earlier in abandoned { try nodes.end(earlier) }
        let next = try nodes.begin(name, process)
        abandoned.append(next)
        return next
      }
    } catch {
      AbandonedLives.add(abandoned, of: secret)
      throw error
    }
    do throws(LogError) {
      let state = try firstState(of: life.hub)
      writer.begin(life, after: state.place)
      follower.begin(life.hub)
      return state
    } catch {
      // The lease of a node that begins is long, and each further attempt adds a node.
      try? end(life, .inOrder)
      throw error
    }
  }

  /// Ends a node's life. If that fails, the next node of this process does it.
  private func end(_ life: PostgresNodes.Life, _ durability: PostgresWriter.Durability) throws(LogError) {
    do throws(LogError) {
      try writer.write(durability, "cannot leave") { connection, _ throws(PostgresError) in
        try connection.execute("SELECT FROM log FOR UPDATE")
        try PostgresNodes(connection: connection).end(life)
      }
    } catch {
      AbandonedLives.add([life], of: secret)
      throw error
    }
  }

  private func firstState(of hub: HubID) throws(LogError) -> SharedLogState {
    try read { connection throws(PostgresError) in
      try connection.readPatiently { () throws(PostgresError) in
        let last = try PostgresState(connection: connection).lastID()
        return SharedLogState(
          hub: hub, place: last, lastID: last, rooms: try PostgresState(connection: connection).roomsInTransaction(),
          registry: try PostgresRegistry(connection: connection).stateInTransaction(),
          presence: try PostgresPresence(connection: connection).state())
      }
    }
  }

  public func submit(_ submission: Submission) throws(LogError) -> [OutdatedProposal] {
    let encoded: EncodedSubmission
    do throws(PostgresError) { encoded = try EncodedSubmission(submission) } catch {
      throw LogError(error, "cannot record in", url)
    }
    return try writer.write(.whenStored, "cannot record in") { connection, state throws(PostgresError) in
      guard let hub = state.hub else { throw PostgresError(message: "the server has not joined") }
      // Stakes are read before the lock is taken: under the lock, only those stored since remain to be read.
      try state.readStakes(on: connection)
      try connection.execute("SELECT FROM log FOR UPDATE")
      let nodes = PostgresNodes(connection: connection)
      let last = try nodes.lastSubmission(of: hub)
      guard last.number != submission.number else { return last.outdated }
      state.isResolved = true
      return try state.carryOut(encoded, by: hub, on: connection)
    }
  }

  public func entries(after place: Int, waiting: Duration) throws(LogError) -> [FeedItem] {
    try follower.entries(after: place, waiting: waiting)
  }

  public func renewLease(received: Int) throws(LogError) -> Int { try follower.renewLease(received: received) }

  /// The nodes that take part at present.
  public func nodes() throws(LogError) -> [NodeState] {
    try read { connection throws(PostgresError) in try PostgresNodes(connection: connection).list() }
  }

  public func sealedKey(orStoring key: [UInt8]) throws(LogError) -> [UInt8] {
    try writer.write(.whenStored, "cannot keep the server's key in") { connection, _ throws(PostgresError) in
      try connection.execute("INSERT INTO server_key (sealed) VALUES ($1) ON CONFLICT DO NOTHING", [.bytes(key)])
      return try connection.execute("SELECT sealed FROM server_key").first?.bytes(0) ?? []
    }
  }

  public func leave() throws(LogError) {
    if let life = writer.life { try end(life, .whenStored) }
  }

  public func beforeRepetition(_ mayRepeat: @escaping @Sendable (LogError) -> Bool) {
    writer.beforeRepetition(mayRepeat)
  }
}

extension PostgresWriter.State {
  /// Reads the stakes of the changes that were stored since the last call.
  /// - Parameter slices: at most this many.
  /// - Returns: whether there are more.
  @discardableResult
  mutating func readStakes(
    on connection: PostgresConnection, slices: Int = .max
  ) throws(PostgresError) -> Bool {
    let feed = PostgresFeed(connection: connection)
    for _ in 0..<slices {
      // Ids are assigned under the lock of the log's row: what is visible has no gaps.
      let next = try feed.stakes(after: stakes.reached)
      for (place, noted) in next {
        for stake in noted { stakes.note(stake, at: place) }
        stakes.reach(place)
      }
      guard next.count == PostgresFeed.stakesSlice else { return false }
    }
    return true
  }

  /// Call within a transaction that holds the log's row.
  mutating func carryOut(
    _ submission: EncodedSubmission, by hub: HubID, on connection: PostgresConnection
  ) throws(PostgresError) -> [OutdatedProposal] {
    try readStakes(on: connection)
    var outdated: [OutdatedProposal] = []
    var accepted: [SharedChange] = []
    var bodies: [[UInt8]] = []
    for (proposed, body) in submission.proposals {
      if let place = stakes.conflict(with: proposed.stake, after: proposed.received) {
        outdated.append(OutdatedProposal(proposed.change.proposal, place: place))
      } else {
        accepted.append(proposed.change)
        bodies.append(body)
      }
    }
    // Usually no proposal is outdated, and nothing is left to encode under the lock.
    let changes = outdated.isEmpty ? submission.changes : EncodedChanges(accepted.flatMap(\.changes))
    if !changes.all.isEmpty {
      // A deleted room gets another row.
      if changes.all.contains(where: \.isDeletion) { conversations.forget() }
      try PostgresRegistry(connection: connection).record(changes)
    }
    let marks = submission.presence.compactMap { presence -> ReadMark? in
      if case .mark(let mark, _) = presence.entry { mark } else { nil }
    }
    if !marks.isEmpty { try PostgresMarks(connection: connection).keep(marks, day: nil) }
    let entries = accepted.map { FeedEntry.change($0) } + submission.presence.map { $0.entry }
    if !entries.isEmpty {
      bodies += submission.presence.map { $0.body }
      let feed = PostgresFeed(connection: connection)
      try feed.append(entries, encoded: FeedCoding.array(of: bodies), by: hub)
    }
    try PostgresNodes(connection: connection).note(submission.number, of: hub, outdated: outdated)
    return outdated
  }
}
