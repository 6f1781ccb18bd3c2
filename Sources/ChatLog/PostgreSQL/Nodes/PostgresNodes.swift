import ChatProtocol
import ChatRecords

/// The table `nodes`, on one connection: one row for each node that is alive. Every write of a node checks that its row
/// exists, under the lock of the log's row. A node without a row is dead, whatever it believes.
struct PostgresNodes {
  let connection: PostgresConnection

  /// A lease ends this long after its last renewal, by the database's clock.
  static let lease = Duration.seconds(7)
  /// The lease of a node that reads its first state, in seconds: each of about a dozen statements may take
  /// `PostgresConnection.readingPatience`. Shorter than the feed is kept.
  private static let firstLease = 900

  static let table = """
    CREATE TABLE nodes (
      id bigint PRIMARY KEY,
      name text NOT NULL,
      process text NOT NULL,
      started timestamptz NOT NULL DEFAULT clock_timestamp(),
      lease_until timestamptz NOT NULL,
      received bigint NOT NULL DEFAULT 0,
      submitted bigint NOT NULL DEFAULT 0,
      outdated bigint[] NOT NULL DEFAULT '{}',
      outdated_places bigint[] NOT NULL DEFAULT '{}'
    ) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
    CREATE TABLE changes (
      id bigint PRIMARY KEY,
      node bigint NOT NULL,
      time bigint NOT NULL,
      body bytea NOT NULL
    );
    """

  // MARK: Own life

  /// One life of a node. Its start distinguishes it from another one with the same id, which the database assigns again
  /// if the row was not stored.
  struct Life: Hashable, Sendable {
    let hub: HubID
    /// In microseconds since 1970, by the database's clock.
    let start: Int64
  }

  private static let start = "(extract(epoch FROM started) * 1000000)::bigint"

  /// Adds the row of a new node. Call within a transaction that holds the log's row.
  /// - Parameters:
  ///   - name: for operators.
  ///   - process: identifies the process on its machine; see `ProcessIdentity`.
  func begin(_ name: String, _ process: String) throws(PostgresError) -> Life {
    guard
      let id = try connection.execute("UPDATE log SET last_node = last_node + 1 RETURNING last_node").first?.int64(0)
    else { throw PostgresError(message: "the log has lost its row") }
    let row = try connection.execute(
      """
      INSERT INTO nodes (id, name, process, lease_until)
      VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => \(Self.firstLease))) RETURNING \(Self.start)
      """, [.int8(id), .text(name.replacing("\0", with: "")), .text(process)]
    ).first
    guard let row else { throw PostgresError(message: "the node has no row") }
    return Life(hub: HubID(id), start: row.int64(0))
  }

  /// - Throws: `PostgresError.State.nodeEnded` if the node has no row.
  func renew(_ hub: HubID, received: Int) throws(PostgresError) {
    let renewed = try connection.execute(
      """
      UPDATE nodes SET received = $2, lease_until = clock_timestamp() + make_interval(secs => \(Self.lease.components.seconds))
      WHERE id = $1
      """, [.int8(hub.number), .int(received)])
    guard renewed.changed > 0 else { throw .nodeEnded }
  }

  /// The last submission of the node, and what came of it. Call within a transaction that holds the log's row.
  /// - Throws: `PostgresError.State.nodeEnded` if the node has no row.
  func lastSubmission(of hub: HubID) throws(PostgresError) -> (number: Int64, outdated: [OutdatedProposal]) {
    let row = try connection.execute(
      "SELECT submitted, outdated, outdated_places FROM nodes WHERE id = $1", [.int8(hub.number)]
    ).first
    guard let row else { throw .nodeEnded }
    let outdated = zip(row.ints(1), row.ints(2)).map { number, place in
      OutdatedProposal(ProposalID(UInt64(bitPattern: Int64(number)), of: hub), place: place)
    }
    return (row.int64(0), outdated)
  }

  func note(_ submission: Int64, of hub: HubID, outdated: [OutdatedProposal]) throws(PostgresError) {
    try connection.execute(
      "UPDATE nodes SET submitted = $2, outdated = $3, outdated_places = $4 WHERE id = $1",
      [
        .int8(hub.number), .int8(submission), .int8s(outdated.map { Int64(bitPattern: $0.proposal.number) }),
        .ints(outdated.map(\.place)),
      ])
  }

  /// All nodes, in the order in which they began.
  func list() throws(PostgresError) -> [NodeState] {
    try connection.execute(
      """
      SELECT n.id, n.name, (extract(epoch FROM n.started) * 1000)::bigint,
        ((extract(epoch FROM n.lease_until - clock_timestamp())) * 1000)::bigint, l.last_id - n.received,
        (SELECT count(DISTINCT i.member) FROM logins i WHERE i.node = n.id),
        (SELECT count(*) FROM logins i WHERE i.node = n.id)
      FROM nodes n, log l ORDER BY n.id
      """
    ).map { row in
      NodeState(
        hub: HubID(row.int64(0)), name: row.text(1), started: Timestamp(milliseconds: row.int64(2)),
        lease: .milliseconds(row.int64(3)), lag: max(row.int(4), 0), people: row.int(5), logins: row.int(6))
    }
  }

  /// Ends a life. No effect if it has ended. Call within a transaction that holds the log's row.
  func end(_ life: Life) throws(PostgresError) {
    let rows = try connection.execute(
      "SELECT FROM nodes WHERE id = $1 AND \(Self.start) = $2", [.int8(life.hub.number), .int8(life.start)])
    if rows.count > 0 { try end(life.hub, ifExpired: false) }
  }

  // MARK: Dead nodes

  /// The lease of a node, by the database's clock.
  struct Lease: Hashable {
    let hub: HubID
    /// In microseconds since 1970.
    let end: Int64
    let isExpired: Bool
  }

  /// The leases of all nodes.
  func leases() throws(PostgresError) -> [Lease] {
    try connection.execute(
      "SELECT id, (extract(epoch FROM lease_until) * 1000000)::bigint, lease_until < clock_timestamp() FROM nodes"
    ).map { Lease(hub: HubID($0.int64(0)), end: $0.int64(1), isExpired: $0.bool(2)) }
  }

  /// The nodes of processes of this machine that exist no longer.
  func orphans() throws(PostgresError) -> [HubID] {
    try connection.execute("SELECT id, process FROM nodes").map { ($0.int64(0), $0.text(1)) }
      .filter { ProcessIdentity($0.1)?.hasEnded == true }.map { HubID($0.0) }
  }

  /// Ends the life of a node: its row and its logins go, and the feed tells the others. Call within a transaction that
  /// holds the log's row.
  /// - Parameter isExpired: only if the lease is still expired.
  func end(_ hub: HubID, ifExpired isExpired: Bool) throws(PostgresError) {
    let condition = isExpired ? "AND lease_until < clock_timestamp()" : ""
    let ended = try connection.execute("DELETE FROM nodes WHERE id = $1 \(condition)", [.int8(hub.number)])
    guard ended.changed > 0 else { return }
    try PostgresFeed(connection: connection).append([.hubEnded(hub)], by: hub)
  }
}

extension PostgresError {
  static var nodeEnded: PostgresError {
    PostgresError(state: State.nodeEnded, message: "the other servers have declared this one dead")
  }
}
