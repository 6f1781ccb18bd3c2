import ChatProtocol
import Testing

extension NewMessage {
  /// What the author says in the room.
  static func said(_ text: String, by author: String = "neha", in room: String = "#lobby") throws -> NewMessage {
    NewMessage(
      conversation: .room(try #require(RoomName(room))), author: try #require(Nickname(author)), text: text)
  }

  /// What the author says to one person.
  static func whispered(_ text: String, by author: String, to reader: String) throws -> NewMessage {
    NewMessage(conversation: try .between(author, reader), author: try #require(Nickname(author)), text: text)
  }
}

extension Conversation {
  static let lobby = Conversation.room(.lobby)

  static func between(_ one: String, _ other: String) throws -> Conversation {
    .pair(Pair(try #require(Nickname(one)), try #require(Nickname(other))))
  }
}
