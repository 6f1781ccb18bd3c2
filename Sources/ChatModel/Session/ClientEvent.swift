import ChatProtocol

/// An event that a client session reports. All texts are safe to display (`DisplayText`).
public enum ClientEvent: Hashable, Sendable, Codable {
  /// - Parameter attempt: counts from 1; restarts after a connection that lasted.
  case connecting(Endpoint, attempt: Int)
  /// Connected to this one of the server's several hosts. Precedes `online`; never sent for a server with one host.
  case reached(HostPort)
  /// Logged in.
  case online(Nickname, capabilities: Capabilities, standing: Standing = Standing())
  /// First connection to the server: the pin to store in `ClientMemory.pin`.
  case pinned(Pin)
  /// The server is not the known one. Nothing is sent to it, and no further attempt is made.
  /// - Parameters:
  ///   - seen: nil if the server is not encrypted.
  ///   - wasMet: whether the known server was seen before; otherwise its pin comes from a link.
  case distrusted(Endpoint, known: Pin, seen: Pin?, wasMet: Bool = true)
  case administered(AdminRequest, AdminAnswer)
  /// A message was redacted: its text was removed.
  case redacted(Target, Int, by: Nickname)
  case offline(Outage)
  /// - Parameter wasAsked: whether this answers the `ping` command.
  case lag(Duration, wasAsked: Bool)
  case message(ChatMessage)
  /// The message is on the wire.
  case sending(SendID)
  /// The message is meant for the person in the conversation of this epoch, even if the name belongs to another person
  /// by the time it is sent. Store the epoch with the message.
  case addressed(SendID, Epoch)
  /// The server has the message and will not echo it.
  /// - Parameters:
  ///   - sequence: its sequence number, on servers that have them. All earlier messages of the conversation were
  ///     reported. The message takes its place now, unless a message with this sequence was reported already. Nil also
  ///     if the place no longer matters because the conversation ends for this client.
  ///   - time: the server's time if it sends one.
  case sendConfirmed(SendID, sequence: Int?, time: Timestamp)
  /// - Parameters:
  ///   - reason: a sentence.
  ///   - failure: the known state of the message.
  case sendFailed(SendID, reason: String, failure: SendFailure = .refused(nil))
  /// The token to store in `ClientMemory.token`.
  case token(String)
  /// The conversation is open. `message` reports messages after the head; missing messages follow, in order.
  /// - Parameters:
  ///   - head: the newest message of the server.
  ///   - mark: the user's read mark, if the server knows it already.
  case synced(Target, Epoch, head: Int, mark: Int?)
  /// The log continues in another epoch: all reported messages remain valid. Precedes `synced`.
  case continued(Target, Epoch)
  /// All reported messages of the conversation are to be dropped: it is another conversation now, or too many messages
  /// were missed. The messages to show follow in `older`.
  case reset(Target)
  /// Messages before all those reported, oldest first. Also the first messages reported of a conversation.
  /// - Parameter hasMore: whether there are earlier messages.
  case older(Target, [ChatMessage], hasMore: Bool)
  /// The user has read up to this sequence, on another terminal or before. May also follow `synced` without a mark.
  case marked(Target, Int)
  /// Also sent after each reconnection, for rooms that are still joined.
  case roomJoined(RoomName)
  /// - Parameter reason: a sentence if the user did not ask to leave.
  case roomLeft(RoomName, reason: String?)
  /// The server refused to let the user into a room.
  /// - Parameter reason: a sentence.
  case joinFailed(RoomName, reason: String)
  /// Empty: the room has no topic. A `ChatMessage` reports who changed it.
  case topic(RoomName, String)
  case rooms([RoomListing])
  /// The requested room list is not available.
  /// - Parameter reason: a sentence.
  case roomsFailed(reason: String)
  /// The server did not answer the request for the room list, and may answer the next one.
  /// - Parameters:
  ///   - reason: a sentence.
  ///   - isOnline: false if the connection broke, or if there was none.
  case roomsUnanswered(reason: String, isOnline: Bool)
  /// Newest first.
  /// - Parameters:
  ///   - hasMore: whether `search` with the last message's id would find more.
  ///   - stoppedBefore: the server stopped early and searched nothing older than this id: continue with `search` and
  ///     this id.
  case found(Int, [ChatMessage], hasMore: Bool, stoppedBefore: Int? = nil)
  /// - Parameter reason: a sentence.
  case searchFailed(Int, reason: String)
  /// The answer to `readHistory` with this number, oldest message first.
  /// - Parameter hasMore: whether there are more messages in the direction of the range.
  case history(Int, [ChatMessage], hasMore: Bool)
  /// - Parameter reason: a sentence.
  case historyFailed(Int, reason: String)
  /// All members of the room in the order of joining, including the user. For the lobby: all users of the server; never
  /// sent for a server that provides no roster.
  case roster(RoomName, [Person])
  /// The lobby stands for the server.
  case joined(Nickname, RoomName)
  /// The user who has just joined the server uses a name that no account owns.
  case guest(Nickname)
  /// The name now belongs to another person.
  case otherPerson(Nickname)
  /// A previously unknown user is on the server; the time of arrival is unknown.
  case noticed(Nickname)
  /// The lobby stands for the server with all its rooms.
  /// - Parameter reason: words for display after "has left: ".
  case left(Nickname, RoomName, reason: String)
  /// - Parameter text: empty if none was given.
  case away(Nickname, text: String)
  case back(Nickname)
  /// Text of the server or of the session that is not a message of a user.
  case notice(String)
  case messageOfTheDay(String)
  /// The user became an operator, or stopped being one, after the login.
  case operatorChanged(Bool)
  /// The session waits for `ClientCommand.useName`.
  /// - Parameter suggestion: a similar name that may be accepted.
  case nameRefused(Nickname, NameRefusal, suggestion: Nickname?)
  /// The server refused the name that the user asked for while online: the session logs in again under the former name.
  /// - Parameter reason: a sentence.
  case nameKept(Nickname, refused: Nickname, reason: String)
  /// The server rejected something other than a message.
  case serverError(String)
}
