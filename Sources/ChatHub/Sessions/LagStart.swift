import ChatProtocol
import ChatRecords

/// The heads of a session's conversations when it began to read too slowly: later messages were not sent to it.
struct LagStart: Sendable {
  var rooms: [RoomName: Int] = [:]
  var pairs: [MemberID: Int] = [:]
  /// Conversations whose read marks have moved since.
  var marked: Set<Conversation> = []
  /// The number of redactions at that time.
  var redactions = 0
}
