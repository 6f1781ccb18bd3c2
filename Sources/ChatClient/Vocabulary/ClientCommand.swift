import ChatProtocol

/// What the person in front of the screen wants.
public enum ClientCommand: Hashable, Sendable {
  /// Is answered, sooner or later, by exactly one `message` or `sendConfirmed` or `sendFailed` that names `id`. While
  /// there is no connection it waits.
  case say(id: SendID, to: Target, text: String)
  /// What another client of the same person has left unsent and unconfirmed. As `say`, for each of them.
  case takeOver([ClientMemory.Unconfirmed])
  /// The roster is told again, changed or not.
  case who
  /// Measures the lag now.
  case ping
  /// With nil: back again. Kept through a lost connection.
  case away(String?)
  /// Answers `nameRefused`. While online it means to leave and come back: the protocol has no other way to rename.
  case useName(Nickname)
  /// Leaves the present server, if there is one. What waits to be sent to it fails.
  /// - Parameter memory: what was kept of earlier conversations with the server.
  case connect(Endpoint, ClientMemory)
  case join(RoomName)
  case part(RoomName)
  /// Answered by `rooms` or `roomsFailed`.
  case listRooms
  /// With nil: none.
  case setTopic(RoomName, String?)
  /// Asks for what was said before; answered by `ClientEvent.older`.
  /// - Parameter before: the first message that the screen shows, itself left out: it may be one of an earlier run, or
  ///   what came before it may have been let go. Nil: the first that was told.
  case showOlder(Target, before: Int? = nil)
  /// Answered by `found` or `searchFailed` with the same number. A later search ends an earlier one.
  /// - Parameters:
  ///   - target: nil for everywhere.
  ///   - before: goes on behind the page that ended with this `Post.id`.
  case search(Int, in: Target?, text: String, before: Int?)
  /// Everything up to there has been read.
  case markRead(Target, Int)
  /// Answered by `administered`.
  case admin(AdminRequest)
  /// What `distrusted` saw is the right server. Nil: it may be spoken to in plain text.
  case trust(Pin?)
  /// Does not wait for the next attempt.
  case retryNow
  /// Everything that is not confirmed by then fails, then the session ends.
  case quit
}
