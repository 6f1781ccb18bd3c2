import ChatProtocol
import ChatRecords
import GRDB

/// The table `invitations`, on one connection.
struct InvitationTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Length of a SHA-256 digest.
  private static let digestBytes = 32

  func put(_ invitation: Invitation) throws {
    guard invitation.uses > 0 else { return try remove(invitation.digest) }
    let statement = try PreparedStatement(
      "INSERT OR REPLACE INTO invitations (digest, uses, expires, author) VALUES (?, ?, ?, ?)", in: database)
    statement.bind(blob: invitation.digest, at: 1)
    statement.bind(invitation.uses, at: 2)
    statement.bind(invitation.expires?.milliseconds, at: 3)
    statement.bind(invitation.by.text, at: 4)
    try statement.run()
  }

  private func remove(_ digest: [UInt8]) throws {
    let statement = try PreparedStatement("DELETE FROM invitations WHERE digest = ?", in: database)
    statement.bind(blob: digest, at: 1)
    try statement.run()
  }

  func all(_ finding: (String) -> Void) throws -> [Invitation] {
    var invitations: [Invitation] = []
    let rows = try PreparedStatement(
      "SELECT digest, uses, expires, author FROM invitations ORDER BY digest", in: database)
    try rows.forEach { row in
      let digest = row.blob(0)
      guard digest.count == Self.digestBytes, row.int(1) > 0, let author = Nickname(row.text(3)) else {
        finding(
          "an invitation cannot be read, one with a digest of \(digest.count.counted("byte")) and \(row.int(1).counted("use"))"
        )
        return true
      }
      invitations.append(
        Invitation(
          digest: digest, uses: row.int(1), expires: row.optionalInt64(2).map(Timestamp.init(milliseconds:)),
          by: author))
      return true
    }
    return invitations
  }
}
