import ChatProtocol

/// Where the conversations of a session stood when it began to read too slowly: what is beyond was not sent to it.
struct Lag: Sendable {
  var rooms: [RoomName: Int] = [:]
  var pairs: [MemberID: Int] = [:]
  /// Where marks have moved since.
  var marked: Set<Conversation> = []
  /// How many messages had been taken away.
  var removals = 0
}
