import ChatProtocol

/// Commands to a client session.
public enum ClientCommand: Hashable, Sendable {
  /// Answered by exactly one `message`, `sendConfirmed` or `sendFailed` that names `id`. Waits while there is no
  /// connection. A text of several lines, normalized as by `MessageLines`, fails on a server without `lines`.
  case say(id: SendID, to: Target, text: String)
  /// Sends, like `say`, each message that another client of the same user has left unsent or unconfirmed.
  case takeOver([OutgoingMessage])
  /// Reports the roster again, changed or not.
  case who
  /// Measures the lag now.
  case ping
  /// Sets the away text; nil when the user is back. Kept across connections.
  case away(String?)
  /// Answers `nameRefused`. While online, the client leaves and logs in again: the protocol has no other way to rename.
  /// If the server then refuses the name, `nameKept` answers, or `nameRefused` with the former name as its suggestion.
  case useName(Nickname)
  /// Leaves the present server, if any; messages waiting for that server fail.
  /// - Parameter memory: the stored memory of the new server.
  case connect(Endpoint, ClientMemory)
  case join(RoomName)
  case part(RoomName)
  /// Answered by `rooms`, `roomsFailed` or `roomsUnanswered`.
  case listRooms
  /// Nil removes the topic.
  case setTopic(RoomName, String?)
  /// Requests earlier messages; answered by `ClientEvent.older`.
  /// - Parameter before: the first message on the screen, not included in the answer. It may be one of an earlier run,
  ///   or the screen may have dropped earlier messages. Nil: the first message reported.
  case showOlder(Target, before: Int? = nil)
  /// Answered by `found` or `searchFailed` with the same number. A later search ends an earlier one.
  /// - Parameters:
  ///   - target: nil for all conversations.
  ///   - before: continues after the page that ended with this `ChatMessage.id`.
  case search(Int, in: Target?, text: String, before: Int?)
  /// Answered by `history` or `historyFailed` with the same number. Reads the log of the server, and has no influence
  /// on what is reported of the conversation.
  /// - Parameter limit: the server may send fewer messages although there are more.
  case readHistory(Int, Target, HistoryRange, limit: Int)
  /// All messages up to this sequence have been read.
  case markRead(Target, Int)
  /// Answered by `administered`.
  case admin(AdminRequest)
  /// Accepts the server reported by `distrusted`. Nil: the connection may be unencrypted.
  case trust(Pin?)
  /// Starts the next attempt at once.
  case retryNow
  /// Ends the session; everything still unconfirmed fails.
  case quit
}
