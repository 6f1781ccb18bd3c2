import ChatProtocol
import Foundation
import GRDB

/// Tables of the log's database, and the migrations between their versions.
///
/// - `log`: one row: a word unique to this log, the secret, and the last `id` in the search index.
/// - `conversations`: rooms and pairs. Rows are never removed, so that `head` continues and `last_id` never assigns an
///   id twice. A room's topic is stored here too, because its message may be pruned.
/// - `epochs`: one row for each run of a server; see `EpochList`. `conversations.epoch` is the epoch of the last
///   message.
/// - `epoch_heads`: for each conversation, the epochs in which a message was stored, with the head before the epoch.
/// - `messages`: `id` is the position in the whole log, `sequence` the position in the conversation.
/// - `search`: a word index without the texts; see `SearchIndex`.
/// - `days`: the range of ids of the indexed messages of each UTC day.
/// - `marks`: read marks of members. `updated` is a day since 1970.
/// - `accounts`, `account_keys`, `sanctions`, `invitations`, `room_rules`, `room_guests`: the registry. A column
///   `…_key` contains the form in which names are compared; a key's `place` is its position in the account.
/// - `acts`: the audit log.
/// - `sanctions.blocks`: networks, separated by spaces.
/// - `log.had_operator`: whether there ever was an operator.
/// - `log.text_rule`: the `TextRule` of the name keys and the index.
/// - `log.changes`: number of transactions that changed accounts, rules and acts.
/// - `log.scrubbing`: the next step in removing redacted messages from the files; see `Scrubbing`.
enum Schema {
  /// `PRAGMA application_id`: "SwCh".
  static let applicationID = 0x5377_4368

  /// `PRAGMA user_version`: number of steps applied to a database.
  static var version: Int { steps.count }

  /// Released steps never change; a new version adds a step.
  private static let steps = [
    """
    CREATE TABLE log (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      epoch TEXT NOT NULL,
      secret BLOB NOT NULL,
      indexed_through INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE conversations (
      id INTEGER PRIMARY KEY,
      room TEXT,
      room_key TEXT,
      first_member INTEGER,
      second_member INTEGER,
      first_name TEXT,
      second_name TEXT,
      head INTEGER NOT NULL DEFAULT 0,
      last_id INTEGER NOT NULL DEFAULT 0,
      topic_id INTEGER,
      topic_sequence INTEGER,
      topic_author TEXT,
      topic_member INTEGER,
      topic_text TEXT,
      topic_time INTEGER,
      CHECK ((room_key IS NULL) <> (first_member IS NULL)),
      CHECK ((first_member IS NULL) = (second_member IS NULL)),
      CHECK ((room_key IS NULL) = (room IS NULL))
    );
    CREATE UNIQUE INDEX conversations_room ON conversations (room_key) WHERE room_key IS NOT NULL;
    CREATE UNIQUE INDEX conversations_pair ON conversations (first_member, second_member)
      WHERE first_member IS NOT NULL;
    CREATE INDEX conversations_first ON conversations (first_member, last_id) WHERE first_member IS NOT NULL;
    CREATE INDEX conversations_second ON conversations (second_member, last_id) WHERE second_member IS NOT NULL;
    CREATE TABLE messages (
      id INTEGER PRIMARY KEY,
      conversation INTEGER NOT NULL REFERENCES conversations (id),
      sequence INTEGER NOT NULL,
      author TEXT NOT NULL,
      member INTEGER NOT NULL,
      reader TEXT,
      kind INTEGER NOT NULL,
      text TEXT NOT NULL,
      time INTEGER NOT NULL,
      cid TEXT
    );
    CREATE UNIQUE INDEX messages_place ON messages (conversation, sequence);
    CREATE UNIQUE INDEX messages_key ON messages (member, cid) WHERE cid IS NOT NULL;
    CREATE VIRTUAL TABLE search USING fts5 (
      words, content = '', columnsize = 0, tokenize = "ascii tokenchars '_'"
    );
    CREATE TABLE days (day INTEGER PRIMARY KEY, first_id INTEGER NOT NULL, last_id INTEGER NOT NULL);
    CREATE TABLE marks (
      member INTEGER NOT NULL,
      conversation INTEGER NOT NULL REFERENCES conversations (id),
      sequence INTEGER NOT NULL,
      updated INTEGER NOT NULL,
      PRIMARY KEY (member, conversation)
    ) WITHOUT ROWID;
    CREATE INDEX marks_updated ON marks (updated);
    """,
    """
    CREATE TABLE accounts (
      member INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      name_key TEXT NOT NULL,
      operator INTEGER NOT NULL,
      created INTEGER NOT NULL
    );
    CREATE UNIQUE INDEX accounts_name ON accounts (name_key);
    CREATE TABLE account_keys (
      key BLOB PRIMARY KEY,
      member INTEGER NOT NULL REFERENCES accounts (member),
      place INTEGER NOT NULL,
      added INTEGER NOT NULL,
      label TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX account_keys_place ON account_keys (member, place);
    CREATE TABLE sanctions (
      kind TEXT NOT NULL,
      subject_key TEXT NOT NULL,
      subject TEXT NOT NULL,
      until INTEGER,
      author TEXT NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (kind, subject_key)
    ) WITHOUT ROWID;
    CREATE TABLE invitations (
      digest BLOB PRIMARY KEY,
      uses INTEGER NOT NULL,
      expires INTEGER,
      author TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE room_rules (
      room_key TEXT PRIMARY KEY,
      room TEXT NOT NULL,
      owner INTEGER,
      slowness INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE room_guests (
      room_key TEXT NOT NULL REFERENCES room_rules (room_key),
      member INTEGER NOT NULL,
      PRIMARY KEY (room_key, member)
    ) WITHOUT ROWID;
    CREATE TABLE acts (
      id INTEGER PRIMARY KEY,
      time INTEGER NOT NULL,
      author TEXT NOT NULL,
      verb TEXT NOT NULL,
      subject TEXT NOT NULL,
      text TEXT NOT NULL
    );
    CREATE INDEX acts_time ON acts (time);
    ALTER TABLE log ADD COLUMN scrubbing INTEGER NOT NULL DEFAULT 0;
    """,
    """
    CREATE TABLE epochs (number INTEGER PRIMARY KEY, epoch TEXT NOT NULL);
    INSERT INTO epochs (number, epoch) SELECT 1, epoch FROM log;
    CREATE TABLE epoch_heads (
      conversation INTEGER NOT NULL REFERENCES conversations (id),
      epoch INTEGER NOT NULL,
      head INTEGER NOT NULL,
      PRIMARY KEY (conversation, epoch)
    ) WITHOUT ROWID;
    ALTER TABLE conversations ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE log ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
    """,
    """
    ALTER TABLE log ADD COLUMN text_rule INTEGER NOT NULL DEFAULT 1;
    """,
    """
    ALTER TABLE sanctions ADD COLUMN blocks TEXT NOT NULL DEFAULT '';
    ALTER TABLE log ADD COLUMN had_operator INTEGER NOT NULL DEFAULT 0;
    UPDATE log SET had_operator = EXISTS (SELECT 1 FROM accounts WHERE operator <> 0)
      OR EXISTS (SELECT 1 FROM acts WHERE verb IN ('OP', 'DEOP'));
    """,
    // Changes no table: earlier versions, which would change the keys back to the second `TextRule`, refuse the log.
    "",
  ]

  /// Whether a database that is not migrated has the registry's tables.
  static func hasRegistry(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0 >= 2
  }

  /// Whether a database that is not migrated has epochs.
  static func hasEpochs(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0 >= 3
  }

  /// Whether a table of a database that is not migrated has the column.
  static func has(_ column: String, in table: String, _ database: Database) throws -> Bool {
    let statement = try PreparedStatement("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", in: database)
    statement.bind(table, at: 1)
    statement.bind(column, at: 2)
    return try statement.first { _ in true } ?? false
  }

  /// Contents of a file.
  enum SchemaState: Equatable {
    /// An empty file.
    case empty
    case known(version: Int)
    /// Written by a later version.
    case tooNew(version: Int)
    /// The names and words follow a `TextRule` of a later version.
    case newerTextRule
    /// A database of another program.
    case foreign
  }

  static func look(at database: Database) throws -> SchemaState {
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if application == applicationID {
      guard version <= Self.version else { return .tooNew(version: version) }
      return try TextKeys(database).areNewer ? .newerTextRule : .known(version: version)
    }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    return tables == 0 && application == 0 && version == 0 ? .empty : .foreign
  }

  /// Whether the database, possibly opened read-only, needs no migration.
  static func isCurrent(_ database: Database) throws -> Bool {
    guard try look(at: database) == .known(version: version) else { return false }
    return try TextKeys(database).areCurrent
  }

  /// Migrates the database to this version, completely or not at all. A new database gets its epoch and its secret.
  static func migrate(_ database: Database) throws {
    try database.inTransaction(.immediate) {
      let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
      guard version < Self.version else {
        try TextKeys(database).update()
        return .commit
      }
      for step in steps.dropFirst(max(version, 0)) { try database.execute(sql: step) }
      if version == 0 {
        try database.execute(
          sql: "INSERT INTO log (only, epoch, secret) VALUES (1, ?, ?)",
          arguments: [Epoch.random().text, Data([UInt8].randomSecret())])
      }
      try TextKeys(database).update()
      try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(Self.version)")
      return .commit
    }
  }
}
