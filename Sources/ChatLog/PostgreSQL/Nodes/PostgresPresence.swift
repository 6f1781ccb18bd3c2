import ChatProtocol
import ChatRecords

/// The logins of all nodes, on one connection. They follow the feed as `PresenceState` does, within the transaction that
/// appends the entries.
struct PostgresPresence {
  let connection: PostgresConnection

  static let tables = """
    CREATE TABLE logins (
      login bigint PRIMARY KEY,
      number bigint GENERATED ALWAYS AS IDENTITY,
      node bigint NOT NULL,
      member bigint NOT NULL,
      body bytea NOT NULL
    ) WITH (fillfactor = 80);
    CREATE INDEX logins_member ON logins (member);
    CREATE INDEX logins_node ON logins (node);
    CREATE TABLE login_rooms (
      login bigint NOT NULL REFERENCES logins ON DELETE CASCADE,
      number bigint GENERATED ALWAYS AS IDENTITY,
      room_key text COLLATE "C" NOT NULL,
      room text COLLATE "C" NOT NULL,
      PRIMARY KEY (login, room_key)
    );
    CREATE INDEX login_rooms_room ON login_rooms (room_key);
    CREATE TABLE away (member bigint PRIMARY KEY, text bytea NOT NULL);
    """

  // MARK: Following the feed

  /// Logins that follow each other are one statement, and so are departures: a thousand people may return at once.
  func apply(_ entries: [FeedEntry]) throws(PostgresError) {
    var (logins, departures) = ([Login](), [LoginID]())
    func flush() throws(PostgresError) {
      try insert(logins)
      try remove("login = ANY ($1)", .int8s(departures.map(\.databaseNumber)), unless: departures.isEmpty)
      (logins, departures) = ([], [])
    }
    for entry in entries {
      if let login = entry.mereLogin {
        if !departures.isEmpty { try flush() }
        logins.append(login)
        continue
      }
      if case .departure(let departure) = entry {
        if !logins.isEmpty { try flush() }
        departures.append(departure.login)
        continue
      }
      try flush()
      switch entry {
      case .change(let change): try apply(change)
      case .hubEnded(let hub): try remove("node = $1", .int8(hub.number))
      case .departure, .message, .redaction, .mark: break
      }
    }
    try flush()
  }

  private func apply(_ change: SharedChange) throws(PostgresError) {
    for case .room(let rules) in change.changes where rules.isPrivate {
      try connection.execute(
        """
        DELETE FROM login_rooms r USING logins l WHERE r.room_key = $1 AND l.login = r.login AND l.member <> ALL ($2)
        """,
        [.text(rules.room.folded), .int8s((rules.guests.union(rules.owner.map { [$0] } ?? [])).map(\.number))])
    }
    switch change.arrival {
    case .login(let login, _): try insert([login])
    case .room(let room, let login, of: _): try enter([(login, room)])
    case nil: break
    }
    for effect in change.effects { try apply(effect) }
  }

  private func insert(_ logins: [Login]) throws(PostgresError) {
    guard !logins.isEmpty else { return }
    var bodies = PostgresArray(.bytes)
    for login in logins {
      var body = login
      body.rooms = []
      bodies.append(try FeedCoding.encode(body))
    }
    try connection.execute(
      """
      INSERT INTO logins (login, node, member, body) SELECT u.login, u.node, u.member, u.body
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])
        WITH ORDINALITY u (login, node, member, body, place) ORDER BY u.place
      """,
      [
        .int8s(logins.map(\.id.databaseNumber)), .int8s(logins.map(\.hub.number)), .int8s(logins.map(\.member.number)),
        bodies.parameter,
      ])
    try enter(logins.flatMap { login in login.rooms.map { (login.id, $0) } })
  }

  private func enter(_ rooms: [(login: LoginID, room: RoomName)]) throws(PostgresError) {
    guard !rooms.isEmpty else { return }
    try connection.execute(
      """
      INSERT INTO login_rooms (login, room_key, room) SELECT l.login, u.key, u.name
        FROM unnest($1::bigint[], $2::text[], $3::text[]) WITH ORDINALITY u (login, key, name, place)
        JOIN logins l ON l.login = u.login ORDER BY u.place
      ON CONFLICT DO NOTHING
      """,
      [
        .int8s(rooms.map(\.login.databaseNumber)), .texts(rooms.map(\.room.folded)), .texts(rooms.map(\.room.text)),
      ])
  }

  private func apply(_ effect: SharedChange.Effect) throws(PostgresError) {
    switch effect {
    case .part(let room, let login, of: _):
      try connection.execute(
        "DELETE FROM login_rooms WHERE login = $1 AND room_key = $2", [.int8(login.databaseNumber), .text(room.folded)])
    case .away(let member, let text?):
      try connection.execute(
        """
        INSERT INTO away (member, text) SELECT $1, $2 WHERE EXISTS (SELECT FROM logins WHERE member = $1)
        ON CONFLICT (member) DO UPDATE SET text = excluded.text
        """, [.int8(member.number), .utf8(text)])
    case .away(let member, nil):
      try connection.execute("DELETE FROM away WHERE member = $1", [.int8(member.number)])
    case .takeOut(let member, let room, by: _):
      try connection.execute(
        "DELETE FROM login_rooms r USING logins l WHERE r.room_key = $2 AND l.login = r.login AND l.member = $1",
        [.int8(member.number), .text(room.folded)])
    case .empty(let room, by: _):
      try connection.execute("DELETE FROM login_rooms WHERE room_key = $1", [.text(room.folded)])
    case .tell, .kick, .ban, .endSessions, .forget: break
    }
  }

  private func remove(
    _ condition: String, _ parameter: PostgresParameter, unless isNothing: Bool = false
  ) throws(PostgresError) {
    guard !isNothing else { return }
    let members = try connection.execute("DELETE FROM logins WHERE \(condition) RETURNING member", [parameter])
      .map { $0.int64(0) }
    guard !members.isEmpty else { return }
    try connection.execute(
      """
      DELETE FROM away a WHERE a.member = ANY ($1) AND NOT EXISTS (SELECT FROM logins l WHERE l.member = a.member)
      """, [.int8s(members)])
  }

  // MARK: Reading

  func state() throws(PostgresError) -> PresenceState {
    var rooms: [Int64: [RoomName]] = [:]
    for row in try connection.execute("SELECT login, room FROM login_rooms ORDER BY number").map({ $0 }) {
      if let room = RoomName(row.text(1)) { rooms[row.int64(0), default: []].append(room) }
    }
    let logins = try connection.execute("SELECT login, body FROM logins ORDER BY number")
      .map { row throws(PostgresError) in
        var login = try FeedCoding.decode(Login.self, from: row.bytes(1))
        login.rooms = rooms[row.int64(0)] ?? []
        return login
      }
    var away: [MemberID: String] = [:]
    for row in try connection.execute("SELECT member, text FROM away").map({ $0 }) {
      away[MemberID(row.int64(0))] = row.text(1)
    }
    return PresenceState(logins: logins, away: away)
  }
}

extension FeedEntry {
  /// The login of a change that does nothing else.
  fileprivate var mereLogin: Login? {
    guard case .change(let change) = self, case .login(let login, _)? = change.arrival, change.changes.isEmpty,
      change.effects.isEmpty
    else { return nil }
    return login
  }
}

extension LoginID {
  /// The same bits as a number with a sign.
  fileprivate var databaseNumber: Int64 { Int64(bitPattern: number) }
}
