import ChatProtocol
import ChatRecords
import GRDB

/// The tables `epochs` and `epoch_heads`, on one connection.
struct EpochTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  // MARK: Epochs

  /// The stored epochs.
  /// - Parameter begins: whether to add a new epoch to the list, without storing it.
  func list(begins: Bool) throws -> EpochList {
    var earlier: [Epoch: Int] = [:]
    var last = 0
    let rows = try PreparedStatement("SELECT number, epoch FROM epochs ORDER BY number", in: database)
    try rows.forEach { row in
      guard let epoch = Epoch(row.text(1)), row.int(0) > last, row.int(0) < Int(Int32.max) else {
        throw LogError(.corrupt, "the log holds an epoch that cannot be read, the one with number \(row.int(0))")
      }
      last = row.int(0)
      earlier[epoch] = last
      return true
    }
    if !begins, let current = earlier.first(where: { $0.value == last })?.key {
      earlier[current] = nil
      return EpochList(current, number: last, earlier: earlier)
    }
    return EpochList(.random(), number: last + 1, earlier: earlier)
  }

  /// Call within a transaction.
  func insert(_ epochs: EpochList) throws {
    let insert = try PreparedStatement("INSERT INTO epochs (number, epoch) VALUES (?, ?)", in: database)
    insert.bind(epochs.number, at: 1)
    insert.bind(epochs.current.text, at: 2)
    try insert.run()
    let prune = try PreparedStatement("DELETE FROM epochs WHERE number <= ?", in: database)
    prune.bind(epochs.number - EpochList.capacity, at: 1)
    try prune.run()
  }

  /// The last epoch stored.
  func current() throws -> Epoch? {
    let last = try PreparedStatement("SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1", in: database)
    return try last.first { Epoch($0.text(0)) } ?? nil
  }

  // MARK: Conversations

  func heads(of conversation: Int) throws -> EpochHeads {
    let rows = try PreparedStatement(
      "SELECT epoch, head FROM epoch_heads WHERE conversation = ? ORDER BY epoch", in: database)
    rows.bind(conversation, at: 1)
    var beginnings: [EpochHeads.Beginning] = []
    try rows.forEach { row in
      beginnings.append(EpochHeads.Beginning(epoch: row.int(0), head: row.int(1)))
      return true
    }
    return EpochHeads(beginnings)
  }

  /// Adds the heads of a row and deletes those beyond the capacity. Call within a transaction.
  func add(_ heads: EpochHeads, of conversation: Int) throws {
    guard !heads.beginnings.isEmpty else { return }
    let insert = try PreparedStatement(
      "INSERT OR IGNORE INTO epoch_heads (conversation, epoch, head) VALUES (?, ?, ?)", in: database)
    for beginning in heads.beginnings {
      insert.bind(conversation, at: 1)
      insert.bind(beginning.epoch, at: 2)
      insert.bind(beginning.head, at: 3)
      try insert.run()
    }
    let prune = try PreparedStatement(
      """
      DELETE FROM epoch_heads WHERE conversation = ?1 AND epoch <=
      (SELECT epoch FROM epoch_heads WHERE conversation = ?1 ORDER BY epoch DESC LIMIT 1 OFFSET \(EpochHeads.capacity))
      """, in: database)
    prune.bind(conversation, at: 1)
    try prune.run()
  }
}
