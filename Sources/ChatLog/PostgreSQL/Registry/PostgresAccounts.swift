import ChatProtocol
import ChatRecords

/// The tables `accounts` and `account_keys`, on one connection.
struct PostgresAccounts {
  let connection: PostgresConnection

  /// Members and keys each have an index; a condition on another table would leave only the whole table to read.
  static let keyDeletion = "DELETE FROM account_keys WHERE member = ANY ($1) OR key = ANY ($2)"

  func put(_ account: Account) throws(PostgresError) {
    let keys = account.distinctKeys
    var (bytes, labels) = (PostgresArray(.bytes), PostgresArray(.bytes))
    for key in keys {
      bytes.append(key.key.bytes)
      labels.append(key.label)
    }
    let (member, name) = (PostgresParameter.int8(account.member.number), PostgresParameter.text(account.name.folded))
    // An account that loses its name is deleted with its keys; a key is taken from the account that had it.
    let deleted = try connection.execute(
      "DELETE FROM accounts WHERE name_key = $2 AND member <> $1 RETURNING member", [member, name])
    // A plan made while the table was small, as at the beginning of an import, would go on reading all of it.
    _ = try connection.executeOnce(
      Self.keyDeletion, [.int8s([account.member.number] + deleted.map { $0.int64(0) }), bytes.parameter])
    try connection.execute(
      """
      INSERT INTO accounts (member, name, name_key, operator, created) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (member) DO UPDATE SET
      name = excluded.name, name_key = excluded.name_key, operator = excluded.operator, created = excluded.created
      """,
      [
        member, .text(account.name.text), name, .boolean(account.isOperator), .int8(account.created.milliseconds),
      ])
    try connection.execute(
      """
      INSERT INTO account_keys (key, member, place, added, label)
      SELECT u.key, $1, u.place, u.added, u.label FROM unnest($2::bytea[], $3::bigint[], $4::bytea[])
        WITH ORDINALITY u (key, added, label, place)
      """, [member, bytes.parameter, .int8s(keys.map(\.added.milliseconds)), labels.parameter])
  }

  /// An account with unreadable keys is returned without them: its name stays taken.
  func all() throws(PostgresError) -> [Account] {
    var keys: [MemberID: [AccountKey]] = [:]
    let rows = try connection.execute("SELECT key, member, added, label FROM account_keys ORDER BY member, place")
    for row in rows.map({ $0 }) {
      guard let key = PublicKey(row.bytes(0)) else { continue }
      keys[MemberID(row.int64(1)), default: []].append(
        AccountKey(key: key, added: Timestamp(milliseconds: row.int64(2)), label: row.text(3)))
    }
    let accounts = try connection.execute("SELECT member, name, operator, created FROM accounts ORDER BY member")
    return accounts.map { row -> Account? in
      let member = MemberID(row.int64(0))
      guard let name = Nickname(row.text(1)) else { return nil }
      return Account(
        member: member, name: name, keys: keys[member] ?? [], isOperator: row.bool(2),
        created: Timestamp(milliseconds: row.int64(3)))
    }.compactMap { $0 }
  }
}
