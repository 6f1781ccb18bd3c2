import ChatProtocol
import ChatRecords
import GRDB

/// The tables `accounts` and `account_keys`, on one connection.
struct AccountTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  // MARK: Changing

  func put(_ account: Account) throws {
    try removeOthers(named: account.name, than: account.member)
    let upsert = try PreparedStatement(
      """
      INSERT INTO accounts (member, name, name_key, operator, created) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (member) DO UPDATE SET
      name = excluded.name, name_key = excluded.name_key, operator = excluded.operator, created = excluded.created
      """, in: database)
    upsert.bind(account.member.number, at: 1)
    upsert.bind(account.name.text, at: 2)
    upsert.bind(account.name.folded, at: 3)
    upsert.bind(account.isOperator ? 1 : 0, at: 4)
    upsert.bind(account.created.milliseconds, at: 5)
    try upsert.run()
    try removeKeys(of: account.member)
    let insert = try PreparedStatement(
      "INSERT OR REPLACE INTO account_keys (key, member, place, added, label) VALUES (?, ?, ?, ?, ?)", in: database)
    for (place, key) in account.distinctKeys.enumerated() {
      insert.bind(blob: key.key.bytes, at: 1)
      insert.bind(account.member.number, at: 2)
      insert.bind(place, at: 3)
      insert.bind(key.added.milliseconds, at: 4)
      insert.bind(key.label, at: 5)
      try insert.run()
    }
  }

  private func removeOthers(named name: Nickname, than member: MemberID) throws {
    let find = try PreparedStatement("SELECT member FROM accounts WHERE name_key = ? AND member <> ?", in: database)
    find.bind(name.folded, at: 1)
    find.bind(member.number, at: 2)
    guard let other = try find.first({ $0.int64(0) }) else { return }
    let delete = try PreparedStatement("DELETE FROM accounts WHERE member = ?", in: database)
    delete.bind(other, at: 1)
    try delete.run()
    try removeKeys(of: MemberID(other))
  }

  private func removeKeys(of member: MemberID) throws {
    let delete = try PreparedStatement("DELETE FROM account_keys WHERE member = ?", in: database)
    delete.bind(member.number, at: 1)
    try delete.run()
  }

  // MARK: Reading

  /// An account with unreadable keys is returned without them: its name stays taken.
  func all(_ finding: (String) -> Void) throws -> [Account] {
    let keys = try keys(finding)
    var accounts: [Account] = []
    let rows = try PreparedStatement(
      "SELECT member, name, name_key, operator, created FROM accounts ORDER BY member", in: database)
    try rows.forEach { row in
      let member = MemberID(row.int64(0))
      guard let name = Nickname(row.text(1)), name.folded == row.text(2).folded() else {
        finding("account \(member) has no valid name")
        return true
      }
      if keys[member] == nil { finding("the account of \(name) has no key") }
      accounts.append(
        Account(
          member: member, name: name, keys: keys[member] ?? [], isOperator: row.int(3) != 0,
          created: Timestamp(milliseconds: row.int64(4))))
      return true
    }
    return accounts
  }

  private func keys(_ finding: (String) -> Void) throws -> [MemberID: [AccountKey]] {
    var keys: [MemberID: [AccountKey]] = [:]
    let rows = try PreparedStatement(
      "SELECT key, member, added, label FROM account_keys ORDER BY member, place", in: database)
    try rows.forEach { row in
      let member = MemberID(row.int64(1))
      let bytes = row.blob(0)
      guard let key = PublicKey(bytes) else {
        finding("a key of account \(member) has \(bytes.count.counted("byte")), and should have \(PublicKey.bytes)")
        return true
      }
      keys[member, default: []].append(
        AccountKey(key: key, added: Timestamp(milliseconds: row.int64(2)), label: row.text(3)))
      return true
    }
    return keys
  }
}
