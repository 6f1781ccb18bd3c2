import ChatProtocol
import ChatRecords

/// One conversation from one member's point of view: the meaning of `#room` or `@name` for that member.
struct Address: Hashable, Sendable {
  /// The target as it is written in answers.
  var target: Target
  var conversation: Conversation

  static let lobby = Address(room: .lobby)

  init(room: RoomName) {
    target = .room(room)
    conversation = .room(room)
  }

  init(pairOf member: MemberID, and other: MemberID, named name: Nickname) {
    target = .person(name)
    conversation = .pair(Conversation.Pair(member, other))
  }
}
