import ChatProtocol
import ChatRecords

/// The table `epochs`, on one connection.
struct PostgresEpochs {
  let connection: PostgresConnection

  /// Reads the stored epochs.
  /// - Parameter begins: whether to begin a new epoch, and store it. Call within a transaction that holds the log's
  ///   row.
  func list(begins: Bool) throws(PostgresError) -> EpochList {
    var earlier: [Epoch: Int] = [:]
    var last = 0
    for row in try connection.execute("SELECT number, epoch FROM epochs ORDER BY number").map({ $0 }) {
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
      "INSERT INTO epochs (number, epoch) VALUES ($1, $2)", [.int(epochs.number), .text(epochs.current.text)])
    try connection.execute("DELETE FROM epochs WHERE number <= $1", [.int(epochs.number - EpochList.capacity)])
    return epochs
  }

  func contains(_ epochs: EpochList) throws(PostgresError) -> Bool {
    try connection.execute(
      "SELECT FROM epochs WHERE number = $1 AND epoch = $2", [.int(epochs.number), .text(epochs.current.text)]
    ).count > 0
  }
}
