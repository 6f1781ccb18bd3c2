import ChatProtocol
import ChatRecords

/// The table `invitations`, on one connection.
struct PostgresInvitations {
  let connection: PostgresConnection

  /// Length of a SHA-256 digest.
  private static let digestBytes = 32

  func put(_ invitation: Invitation) throws(PostgresError) {
    guard invitation.uses > 0 else {
      try connection.execute("DELETE FROM invitations WHERE digest = $1", [.bytes(invitation.digest)])
      return
    }
    try connection.execute(
      """
      INSERT INTO invitations (digest, uses, expires, author) VALUES ($1, $2, $3, $4)
      ON CONFLICT (digest) DO UPDATE SET uses = excluded.uses, expires = excluded.expires, author = excluded.author
      """,
      [
        .bytes(invitation.digest), .int(invitation.uses), .int8(invitation.expires?.milliseconds),
        .text(invitation.by.text),
      ])
  }

  func all() throws(PostgresError) -> [Invitation] {
    let rows = try connection.execute("SELECT digest, uses, expires, author FROM invitations ORDER BY digest")
    return rows.map { row -> Invitation? in
      let digest = row.bytes(0)
      guard digest.count == Self.digestBytes, row.int(1) > 0, let author = Nickname(row.text(3)) else { return nil }
      return Invitation(
        digest: digest, uses: row.int(1), expires: row.optionalInt64(2).map(Timestamp.init(milliseconds:)), by: author)
    }.compactMap { $0 }
  }
}
