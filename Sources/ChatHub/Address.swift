import ChatProtocol

/// One conversation as one person sees it: what `#room` or `@name` means to them.
struct Address: Hashable, Sendable {
  /// As it stands in answers.
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
