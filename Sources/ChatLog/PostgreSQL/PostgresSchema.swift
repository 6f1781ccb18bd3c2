import ChatProtocol
import ChatRecords

/// Tables and functions of the log in a PostgreSQL database, in a schema of their own, and the migrations between their
/// versions.
///
/// - `log`: one row. Everything that changes the log locks it first, so it orders messages and changes: `last_id` is
///   the id of the last message, `last_time` its time by the database's clock, `registry` the number of transactions
///   that changed the registry. `secret` and `had_operator` as in the log on a disk.
/// - `server_key`: the key that all servers have in common, encrypted; at most one row.
/// - `indexing`: one row: the last `id` in the word index, and the `TextRule` of index and name keys. Only connections
///   that follow this rule add keys and words; see `PostgresTextKeys`.
/// - `epochs`, `epoch_heads`: see `EpochList` and `EpochHeads`. `origin` names the database's history in which the epoch
///   began, see `PostgresEpochs`.
/// - `nodes`, `changes`, `logins`, `login_rooms`, `away`: see `PostgresNodes`, `PostgresFeed` and `PostgresPresence`.
/// - `conversations`: rooms and pairs, with their last sequence, names and topic. Rows are never removed. A deleted
///   room's row is marked, and the room gets another one. A row whose head is 0 is no conversation yet.
/// - `messages`: `id` is the position in the whole log, `sequence` the position in the conversation. `cid` is the
///   client's key, or one of the log's that begins with a zero byte; see `MessageKeys`.
/// - `search`: the words of each message of kind `text`; see `PostgresWords`. `days`: the range of ids of each UTC day.
/// - `marks`: read marks of members. `updated` is a day since 1970.
/// - `accounts`, `account_keys`, `sanctions`, `invitations`, `room_rules`, `room_guests`, `acts`: the registry.
///
/// Times are milliseconds since 1970. Texts that people write are of type `bytea`, because `text` cannot hold U+0000.
enum PostgresSchema {
  static let name = "swiftchat"

  /// Number of steps applied to a database.
  static var version: Int { steps.count }

  /// The channel on which the id of the last message is announced.
  static let channel = "swiftchat"

  /// Keys of advisory locks, in this database: creating tables, maintenance, an import.
  enum Lock: Int64 {
    case migration = 0x5377_4368_0001
    case maintenance = 0x5377_4368_0002
    case importing = 0x5377_4368_0003
  }

  /// Released steps never change; a new version adds a step. Steps only add, so that an earlier version still works on
  /// the tables while servers are replaced one by one; a changed function gets another number. Servers of an earlier
  /// `TextRule` end all the same, see `PostgresTextKeys`.
  private static let steps = [
    tables + registry + PostgresNodes.table + PostgresPresence.tables + PostgresSubmission.function,
    PostgresTextKeys.triggers,
  ]

  private static let tables = """
    CREATE TABLE log (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      schema integer NOT NULL,
      secret bytea NOT NULL,
      last_id bigint NOT NULL DEFAULT 0,
      last_time bigint NOT NULL DEFAULT 0,
      registry bigint NOT NULL DEFAULT 0,
      last_node bigint NOT NULL DEFAULT 0,
      had_operator boolean NOT NULL DEFAULT false
    ) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
    CREATE TABLE server_key (one boolean PRIMARY KEY DEFAULT true CHECK (one), sealed bytea NOT NULL);
    CREATE TABLE indexing (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      indexed_through bigint NOT NULL DEFAULT 0,
      text_rule integer NOT NULL
    ) WITH (fillfactor = 10);
    CREATE TABLE epochs (
      number bigint PRIMARY KEY,
      epoch text COLLATE "C" NOT NULL,
      origin text COLLATE "C" NOT NULL
    );
    CREATE TABLE conversations (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      room text COLLATE "C",
      room_key text COLLATE "C",
      deleted boolean NOT NULL DEFAULT false,
      first_member bigint,
      second_member bigint,
      first_name text COLLATE "C",
      second_name text COLLATE "C",
      head bigint NOT NULL DEFAULT 0,
      last_id bigint NOT NULL DEFAULT 0,
      epoch bigint NOT NULL DEFAULT 0,
      topic_id bigint,
      topic_sequence bigint,
      topic_author text COLLATE "C",
      topic_member bigint,
      topic_text bytea,
      topic_time bigint,
      CHECK ((room_key IS NULL) <> (first_member IS NULL)),
      CHECK ((first_member IS NULL) = (second_member IS NULL)),
      CHECK ((room_key IS NULL) = (room IS NULL))
    ) WITH (fillfactor = 50);
    CREATE UNIQUE INDEX conversations_room ON conversations (room_key) WHERE room_key IS NOT NULL AND NOT deleted;
    CREATE UNIQUE INDEX conversations_pair ON conversations (first_member, second_member)
      WHERE first_member IS NOT NULL;
    CREATE INDEX conversations_second ON conversations (second_member) WHERE second_member IS NOT NULL;
    CREATE TABLE epoch_heads (
      conversation bigint NOT NULL,
      epoch bigint NOT NULL,
      head bigint NOT NULL,
      PRIMARY KEY (conversation, epoch)
    );
    CREATE TABLE messages (
      id bigint PRIMARY KEY,
      conversation bigint NOT NULL,
      sequence bigint NOT NULL,
      member bigint NOT NULL,
      time bigint NOT NULL,
      kind integer NOT NULL,
      author text COLLATE "C" NOT NULL,
      reader text COLLATE "C",
      text bytea NOT NULL,
      cid bytea NOT NULL,
      node bigint NOT NULL DEFAULT 0
    ) WITH (autovacuum_vacuum_insert_scale_factor = 0.1);
    CREATE UNIQUE INDEX messages_place ON messages (conversation, sequence);
    CREATE UNIQUE INDEX messages_key ON messages (member, cid);
    CREATE TABLE search (id bigint PRIMARY KEY, conversation bigint NOT NULL, words tsvector NOT NULL);
    CREATE INDEX search_words ON search USING gin (words) WITH (gin_pending_list_limit = 512);
    CREATE TABLE days (day bigint PRIMARY KEY, first_id bigint NOT NULL, last_id bigint NOT NULL);
    CREATE TABLE marks (
      member bigint NOT NULL,
      conversation bigint NOT NULL,
      sequence bigint NOT NULL,
      updated bigint NOT NULL,
      PRIMARY KEY (member, conversation)
    ) WITH (fillfactor = 80);
    CREATE INDEX marks_updated ON marks (updated);
    """

  private static let registry = """
    CREATE TABLE accounts (
      member bigint PRIMARY KEY,
      name text COLLATE "C" NOT NULL,
      name_key text COLLATE "C" NOT NULL,
      operator boolean NOT NULL,
      created bigint NOT NULL
    );
    CREATE UNIQUE INDEX accounts_name ON accounts (name_key);
    CREATE TABLE account_keys (
      key bytea PRIMARY KEY,
      member bigint NOT NULL,
      place bigint NOT NULL,
      added bigint NOT NULL,
      label bytea NOT NULL
    );
    CREATE INDEX account_keys_place ON account_keys (member, place);
    CREATE TABLE sanctions (
      kind text COLLATE "C" NOT NULL,
      subject_key text COLLATE "C" NOT NULL,
      subject text COLLATE "C" NOT NULL,
      until bigint,
      author text COLLATE "C" NOT NULL,
      reason bytea NOT NULL,
      blocks text NOT NULL,
      PRIMARY KEY (kind, subject_key)
    );
    CREATE TABLE invitations (
      digest bytea PRIMARY KEY,
      uses bigint NOT NULL,
      expires bigint,
      author text COLLATE "C" NOT NULL
    );
    CREATE TABLE room_rules (
      room_key text COLLATE "C" PRIMARY KEY,
      room text COLLATE "C" NOT NULL,
      owner bigint,
      slowness bigint NOT NULL
    );
    CREATE TABLE room_guests (
      room_key text COLLATE "C" NOT NULL,
      member bigint NOT NULL,
      PRIMARY KEY (room_key, member)
    );
    CREATE TABLE acts (
      id bigint PRIMARY KEY,
      time bigint NOT NULL,
      author text COLLATE "C" NOT NULL,
      verb text COLLATE "C" NOT NULL,
      subject bytea NOT NULL,
      text bytea NOT NULL
    );
    CREATE INDEX acts_time ON acts (time);
    """

  // MARK: Opening

  /// Contents of a database.
  enum State: Equatable {
    /// There are no tables yet.
    case absent
    /// Of this version or an earlier one.
    case known(version: Int, textRule: Int)
    /// Written by a later version.
    case tooNew(version: Int)
    /// The names and words follow a `TextRule` of a later version.
    case newerTextRule
    /// There are other tables in the schema.
    case foreign
  }

  static func look(at connection: PostgresConnection) throws(PostgresError) -> State {
    let found = try connection.execute(
      """
      SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = '\(name)' AND c.relkind = 'r'),
        EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = '\(name)' AND c.relname = 'log' AND a.attname = 'schema')
      """
    ).first
    guard let found, found.bool(0) else { return .absent }
    guard found.bool(1) else { return .foreign }
    guard let row = try connection.execute("SELECT schema FROM log").first else { return .foreign }
    guard row.int(0) <= version else { return .tooNew(version: row.int(0)) }
    guard let rule = try connection.execute("SELECT text_rule FROM indexing").first?.int(0) else { return .foreign }
    return rule > TextRule.version ? .newerTextRule : .known(version: row.int(0), textRule: rule)
  }

  /// - Throws: `LogError` if this version must not touch the contents.
  static func check(_ state: State, _ url: PostgresURL) throws(LogError) {
    switch state {
    case .absent, .known: return
    case .tooNew(let found):
      throw LogError(
        .tooNew,
        "\(url) was written by a later version of swiftchat (its schema is \(found), and this program knows "
          + "\(version)); it was left as it is: use that version, or another database")
    case .newerTextRule:
      throw LogError(
        .tooNew,
        "\(url) was written by a later version of swiftchat, which compares names and words by another rule; it was left "
          + "as it is: use that version, or another database")
    case .foreign:
      throw LogError(
        .corrupt, "\(url) has a schema named \(name) that is no log of swiftchat's; choose another database")
    }
  }

  /// Creates the tables, or migrates them to this version, completely or not at all. Of several programs that start at
  /// the same time, one does it.
  static func migrate(_ connection: PostgresConnection, _ url: PostgresURL) throws(LogError) {
    try mustBeUnicode(connection, url)
    do throws(PostgresError) {
      let state = try look(at: connection)
      guard state != .known(version: version, textRule: TextRule.version) else { return }
    } catch { throw LogError(error, "cannot open", url) }
    connection.answerPatience = migrationPatience
    defer { connection.answerPatience = PostgresConnection.patience }
    let result: Result<State, LogError>
    do throws(PostgresError) {
      result = .success(
        try connection.transaction { () throws(PostgresError) in
          // The keys of all names may be computed between two statements.
          try connection.run(
            """
            SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
            SET LOCAL idle_in_transaction_session_timeout = '\(migrationPatience.components.seconds)s'
            """)
          try connection.run("SELECT pg_advisory_xact_lock(\(Lock.migration.rawValue))")
          let state = try look(at: connection)
          switch state {
          case .absent: try apply(after: 0, connection)
          case .known(let found, let textRule): try update(found, textRule, connection)
          case .tooNew, .newerTextRule, .foreign: break
          }
          return state
        })
    } catch {
      result = .failure(
        error.state == "42501"
          ? LogError(
            .misconfigured,
            "cannot create the log's tables in \(url): \(error.message); GRANT CREATE ON DATABASE to the user, or let "
              + "the administrator CREATE SCHEMA \(name) AUTHORIZATION the user")
          : LogError(error, "cannot create the log's tables in", url))
    }
    try check(result.get(), url)
  }

  /// The time for each statement of a migration, and between two of them.
  private static let migrationPatience = Duration.seconds(600)

  static func mustBeUnicode(_ connection: PostgresConnection, _ url: PostgresURL) throws(LogError) {
    guard let encoding = connection.parameter("server_encoding"), encoding != "UTF8" else { return }
    throw LogError(
      .misconfigured,
      "the database \(url) has the encoding \(encoding); create one with ENCODING 'UTF8' TEMPLATE template0")
  }

  /// Whether a log is being imported.
  static func hasImport(_ connection: PostgresConnection) throws(PostgresError) -> Bool {
    try connection.execute("SELECT to_regclass('\(name).import') IS NOT NULL").first?.bool(0) ?? false
  }

  /// Migrates the tables of an earlier version, and the keys of an earlier `TextRule`.
  private static func update(
    _ found: Int, _ textRule: Int, _ connection: PostgresConnection
  ) throws(PostgresError) {
    // Another program may have done it meanwhile.
    guard found < version || textRule < TextRule.version else { return }
    // Changes under way end first, and others wait: in the order in which they take their locks.
    try connection.run(
      """
      SELECT pg_advisory_xact_lock(\(Lock.maintenance.rawValue)); SELECT FROM log FOR UPDATE;
      LOCK TABLE accounts, sanctions, room_rules, conversations, nodes, search IN SHARE ROW EXCLUSIVE MODE
      """)
    try apply(after: found, connection)
    if textRule < TextRule.version { try PostgresTextKeys(connection: connection).update() }
  }

  private static func apply(after found: Int, _ connection: PostgresConnection) throws(PostgresError) {
    guard found < version else { return }
    // A user who may not create schemas can be given one.
    let exists = try connection.execute("SELECT FROM pg_namespace WHERE nspname = '\(name)'").count > 0
    if !exists { try connection.run("CREATE SCHEMA \(name)") }
    for step in steps.dropFirst(found) { try connection.run(step) }
    if found == 0 {
      try connection.execute(
        "INSERT INTO log (schema, secret) VALUES ($1, $2)", [.int(version), .bytes(.randomSecret())])
      try connection.execute("INSERT INTO indexing (text_rule) VALUES ($1)", [.int(TextRule.version)])
    } else {
      try connection.execute("UPDATE log SET schema = $1", [.int(version)])
    }
  }
}
