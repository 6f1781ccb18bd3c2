import ChatProtocol
import ChatRecords

/// The table `epochs`, on one connection.
///
/// Servers that share a log have one epoch, until the database's history changes: other tables, after a restore from a
/// dump, or another timeline, after the promotion of a standby. The log may then have lost messages that clients know.
struct PostgresEpochs {
  let connection: PostgresConnection

  /// Reads the stored epochs.
  /// - Parameter user: a node begins a new epoch if the history has changed. Call within a transaction that holds the
  ///   log's row.
  func list(for user: PostgresLog.User) throws(PostgresError) -> EpochList {
    let origin = try origin()
    var begins = user == .node
    var earlier: [Epoch: Int] = [:]
    var last = 0
    for row in try connection.execute("SELECT number, epoch, origin FROM epochs ORDER BY number").map({ $0 }) {
      if user == .node { begins = row.text(2) != origin }
      guard let epoch = Epoch(row.text(1)), row.int(0) > last, row.int(0) < Int(Int32.max) else {
        throw PostgresError(
          state: "XX001", message: "the log holds an epoch that cannot be read, the one with number \(row.int(0))")
      }
      last = row.int(0)
      earlier[epoch] = last
    }
    if !begins, let current = earlier.first(where: { $0.value == last })?.key {
      earlier[current] = nil
      return EpochList(current, number: last, earlier: earlier)
    }
    let epochs = EpochList(.random(), number: last + 1, earlier: earlier)
    guard begins else { return epochs }
    try connection.execute(
      "INSERT INTO epochs (number, epoch, origin) VALUES ($1, $2, $3)",
      [.int(epochs.number), .text(epochs.current.text), .text(origin)])
    try connection.execute("DELETE FROM epochs WHERE number <= $1", [.int(epochs.number - EpochList.capacity)])
    return epochs
  }

  /// The database cluster, its timeline, and the number of a table, which a restored one does not have.
  /// - Throws: `PostgresError` also for a standby, whose timeline is not known.
  private func origin() throws(PostgresError) -> String {
    if try connection.execute("SELECT pg_is_in_recovery()").first?.bool(0) == true {
      throw PostgresError(state: "25006", message: "it is in recovery")
    }
    let row = try connection.execute(
      """
      SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' ||
        left(pg_walfile_name(pg_current_wal_lsn()), 8)
        || '/' || '\(PostgresSchema.name).log'::regclass::oid::text
      """
    ).first
    return row?.text(0) ?? ""
  }

  /// Whether the database's history is that of the epoch.
  func isOriginal(_ epochs: EpochList) throws(PostgresError) -> Bool {
    let row = try connection.execute("SELECT origin FROM epochs WHERE number = $1", [.int(epochs.number)]).first
    return try row?.text(0) == origin()
  }
}
