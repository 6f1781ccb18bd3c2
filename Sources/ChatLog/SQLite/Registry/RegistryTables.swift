import ChatProtocol
import ChatRecords
import GRDB

/// Accounts, sanctions, invitations, room rules and acts in a database, on one connection.
struct RegistryTables {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Call within a transaction. No content of a change makes it fail: a failing change would block all changes after
  /// it.
  func record(_ changes: [RegistryChange]) throws {
    for change in changes {
      switch change {
      case .account(let account):
        try AccountTable(database).put(account)
        if account.isOperator { try database.execute(sql: "UPDATE log SET had_operator = 1 WHERE had_operator = 0") }
      case .sanction(let sanction): try SanctionTable(database).put(sanction)
      case .pardon(let kind, let subject): try SanctionTable(database).remove(kind, subject)
      case .invitation(let invitation): try InvitationTable(database).put(invitation)
      case .room(let rules): try RoomRuleTable(database).put(rules)
      case .deletion(let room):
        try RoomRuleTable(database).put(RoomRules(room: room))
        try ConversationTable(database).markDeleted(room)
      case .act(let act): try ActTable(database).add(act)
      }
    }
    try PreparedStatement("UPDATE log SET changes = changes + 1", in: database).run()
  }

  /// Number of transactions that have changed the registry.
  func changes() throws -> Int {
    try PreparedStatement("SELECT changes FROM log", in: database).first { $0.int(0) } ?? 0
  }

  /// - Parameter finding: called for each invalid or incomplete row, with a text for the operator.
  func state(_ finding: (String) -> Void = { _ in }) throws -> RegistryState {
    RegistryState(
      accounts: try AccountTable(database).all(finding), sanctions: try SanctionTable(database).all(finding),
      invitations: try InvitationTable(database).all(finding), rooms: try RoomRuleTable(database).all(finding),
      hadOperator: try hadOperator())
  }

  private func hadOperator() throws -> Bool {
    guard try Schema.has("had_operator", in: "log", database) else { return false }
    return try PreparedStatement("SELECT had_operator FROM log", in: database).first { $0.int(0) != 0 } ?? false
  }
}
