import ChatProtocol
import ChatRecords
import GRDB

/// Read-only access to a log, while a server writes it or afterwards.
public final class LogArchive: Sendable {
  private let database: DatabaseQueue
  private let directory: LogDirectory

  /// - Throws: `LogError`, also if there is no log or if a later version wrote it.
  public init(directory path: String) throws(LogError) {
    directory = LogDirectory(path: path)
    guard directory.mayHoldLog else { throw LogError(.other, "there is no log in \(path)") }
    do {
      try LogConnections.check(directory, busyTimeout: .seconds(5))
      var configuration = LogConnections.configuration(busyTimeout: .seconds(5))
      configuration.readonly = true
      database = try DatabaseQueue(path: directory.database, configuration: configuration)
    } catch {
      throw LogError(error, "cannot open", directory.database)
    }
  }

  // MARK: Exporting

  /// Which messages to export.
  public struct Selection: Sendable {
    /// Only this room; nil for all rooms.
    public var room: RoomName?
    public var since: Timestamp?
    /// Whether direct messages are included.
    public var includesPairs: Bool

    public init(room: RoomName? = nil, since: Timestamp? = nil, includesPairs: Bool = false) {
      self.room = room
      self.since = since
      self.includesPairs = includesPairs
    }
  }

  /// Whether a message was ever stored in the room.
  public func holds(_ room: RoomName) throws(LogError) -> Bool {
    try read { try !ConversationTable($0).ids(of: room).isEmpty }
  }

  /// Messages per read transaction: a long transaction would prevent the server from emptying its write-ahead log.
  private static let slice = 1000

  /// Passes the messages to the body in id order, with only a slice in memory.
  /// - Parameter body: returns whether to continue.
  /// - Throws: `LogError`, and errors of the body.
  public func export(_ selection: Selection, _ body: (StoredMessage) throws -> Bool) throws {
    let rooms = try selection.room.map { room in try read { try ConversationTable($0).ids(of: room) } }
    guard rooms?.isEmpty != true else { return }
    // With several rows, all messages are read and other rooms' messages filtered out.
    let room = rooms?.count == 1 ? rooms?.first : nil
    var last: StoredMessage?
    while true {
      let messages = try messages(after: last, room)
      guard let next = messages.last else { return }
      for message in messages where selection.allows(message) {
        guard try body(message) else { return }
      }
      last = next
    }
  }

  /// - Parameter room: row id of the only conversation to read; nil for all.
  private func messages(after last: StoredMessage?, _ room: Int?) throws(LogError) -> [StoredMessage] {
    try read { database in
      let conversations = ConversationTable(database)
      // Also a room that was deleted since the last slice.
      let isKept = "conversation NOT IN (SELECT id FROM conversations WHERE \(ConversationTable.isDeleted))"
      let statement: PreparedStatement
      if let room {
        statement = try PreparedStatement(
          """
          SELECT \(MessageTable.columns) FROM messages WHERE sequence > ? AND conversation = ? AND \(isKept)
          ORDER BY sequence LIMIT \(Self.slice)
          """, in: database)
        statement.bind(last?.sequence ?? 0, at: 1)
        statement.bind(room, at: 2)
      } else {
        statement = try PreparedStatement(
          """
          SELECT \(MessageTable.columns) FROM messages WHERE id > ? AND \(isKept) ORDER BY id LIMIT \(Self.slice)
          """, in: database)
        statement.bind(last?.id ?? 0, at: 1)
      }
      var known: [Int: Conversation] = [:]
      var messages: [StoredMessage] = []
      try statement.forEach { row in
        let id = row.int(1)
        let conversation = try known[id] ?? conversations.conversation(id)
        known[id] = conversation
        messages.append(try MessageTable.message(row, in: conversation))
        return true
      }
      return messages
    }
  }

  /// Passes the operators' acts to the body, oldest first, with only a slice in memory.
  /// - Parameters:
  ///   - since: the earliest time.
  ///   - body: returns whether to continue.
  /// - Throws: `LogError`, and errors of the body.
  public func exportActs(since: Timestamp? = nil, _ body: (Act) throws -> Bool) throws {
    var next: Int? = 0
    while let last = next {
      let slice = try read { database -> (acts: [Act], last: Int?) in
        guard try Schema.hasRegistry(database) else { return ([], nil) }
        return try ActTable(database).after(last, limit: Self.slice)
      }
      for act in slice.acts where act.time >= since ?? act.time {
        guard try body(act) else { return }
      }
      next = slice.last
    }
  }

  // MARK: Copying

  /// Copies the log as it is at the start of the call: messages, the secret that seals tokens, accounts, rules and
  /// acts. The server may continue meanwhile. The copy is complete or absent, and only its owner can read it.
  /// - Parameter path: a path where no file exists.
  /// - Throws: `LogError`, also if a file exists there.
  public func backUp(to path: String) throws(LogError) -> Summary { try LogCopy(path).make(of: database) }

  // MARK: Verifying

  /// Numbers of checked records.
  public struct Summary: Hashable, Sendable {
    public var conversations = 0
    public var messages = 0
    public var indexed = 0
  }

  /// Checks for damage. The server may continue meanwhile; records stored after the start are not checked.
  /// - Parameter finding: called for each problem, with a text for the operator.
  public func verify(finding: (String) -> Void) throws(LogError) -> Summary {
    directory.check(finding)
    return try read { database in
      var verification = Verification(database)
      return try verification.run(finding)
    }
  }

  private func read<Result>(_ body: (Database) throws -> Result) throws(LogError) -> Result {
    do {
      return try database.read(body)
    } catch {
      throw LogError(error, "cannot read", directory.database)
    }
  }
}

extension LogArchive.Selection {
  func allows(_ message: StoredMessage) -> Bool {
    switch message.conversation {
    case .pair: guard includesPairs, room == nil else { return false }
    case .room(let name): guard room == nil || room == name else { return false }
    }
    return message.time >= since ?? message.time
  }
}
