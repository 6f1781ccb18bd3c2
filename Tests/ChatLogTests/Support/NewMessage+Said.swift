import ChatProtocol
import ChatRecords
import Testing

extension NewMessage {
  /// A message of the author in the room. Equal names are the same member.
  static func said(
    _ text: String, by author: String = "neha", in room: String = "#lobby", kind: MessageKind = .text,
    key: String? = nil
  ) throws -> NewMessage {
    let author = try #require(Nickname(author))
    return NewMessage(
      conversation: .room(try #require(RoomName(room))), author: author, member: .named(author), kind: kind, text: text,
      key: try key.map { try #require(IdempotencyKey($0)) })
  }

  /// A direct message of the author.
  static func whispered(
    _ text: String, by author: String, to reader: String, key: String? = nil
  ) throws -> NewMessage {
    let (author, reader) = (try #require(Nickname(author)), try #require(Nickname(reader)))
    return NewMessage(
      conversation: .pair(Conversation.Pair(.named(author), .named(reader))), author: author, member: .named(author),
      reader: reader, text: text, key: try key.map { try #require(IdempotencyKey($0)) })
  }
}

extension MemberID {
  static func named(_ name: String) throws -> MemberID { .named(try #require(Nickname(name))) }

  /// The same member for the same name in any case.
  static func named(_ name: Nickname) -> MemberID {
    MemberID(name.text.lowercased().utf8.reduce(17) { ($0 &* 257) &+ Int64($1) })
  }
}

extension Conversation {
  static func between(_ one: String, _ other: String) throws -> Conversation {
    .pair(Pair(try .named(one), try .named(other)))
  }

  static func named(_ room: String) throws -> Conversation { .room(try #require(RoomName(room))) }
}
