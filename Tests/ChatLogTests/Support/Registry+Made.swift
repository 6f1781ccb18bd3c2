import ChatProtocol
import ChatRecords
import Testing

extension Account {
  /// - Parameter keys: the byte that fills each key.
  static func of(_ name: String, member: Int64? = nil, keys: [UInt8] = [1], isOperator: Bool = false) throws -> Account
  {
    let name = try #require(Nickname(name))
    return Account(
      member: member.map { MemberID($0) } ?? .named(name), name: name, keys: try keys.map { try .made($0) },
      isOperator: isOperator, created: .noon)
  }
}

extension AccountKey {
  static func made(_ byte: UInt8) throws -> AccountKey {
    AccountKey(key: try .made(byte), added: .noon.advanced(by: Int64(byte)), label: "key \(byte)")
  }
}

extension PublicKey {
  static func made(_ byte: UInt8) throws -> PublicKey {
    try #require(PublicKey([UInt8](repeating: byte, count: PublicKey.bytes)))
  }
}

extension Sanction {
  static func of(_ kind: Kind, _ subject: String, until: Timestamp? = nil, reason: String = "") throws -> Sanction {
    Sanction(
      kind: kind, subject: try #require(Subject(subject)), until: until, by: try #require(Nickname("root")),
      reason: reason)
  }
}

extension Invitation {
  static func of(_ byte: UInt8, uses: Int, expires: Timestamp? = nil) throws -> Invitation {
    Invitation(
      digest: [UInt8](repeating: byte, count: 32), uses: uses, expires: expires, by: try #require(Nickname("root")))
  }
}

extension RoomRules {
  static func of(
    _ room: String, owner: String? = nil, guests: [String] = [], slowness: Int = 0
  ) throws -> RoomRules {
    RoomRules(
      room: try #require(RoomName(room)), owner: try owner.map { try .named($0) },
      guests: Set(try guests.map { try .named($0) }), slowness: slowness)
  }
}

extension Act {
  static func of(_ number: Int, by author: String = "root", text: String = "for a reason") throws -> Act {
    Act(
      time: .noon.advanced(by: Int64(number)), by: try #require(Nickname(author)), verb: .kick, subject: "@p\(number)",
      text: text)
  }
}
