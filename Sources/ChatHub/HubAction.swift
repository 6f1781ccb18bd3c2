import ChatProtocol
import ChatRecords

/// A decision of the hub. Its owner carries the actions out in their order, and decides nothing.
///
/// Large and rare values are indirect: every message is copied as an action of this size.
public enum HubAction: Hashable, Sendable {
  /// Sends one line to one session, after everything published before.
  case send(SessionID, ServerMessage, Tags)
  /// Sends the lines of the list to one session, after everything published before.
  indirect case list(SessionID, MemberList)
  /// Sends one line to all sessions subscribed to the room. Every session that is logged in is subscribed to the lobby.
  indirect case publish(ServerMessage, in: RoomName, Tags)
  /// Sends a room's message to all its subscribers: `MSG` or `TOPIC` with sequence and time.
  /// - Parameter from: the session that sent it, which some dialects do not give it back to; nil if unknown.
  case post(StoredMessage, from: SessionID?)
  /// The session has these capabilities from now on, in both directions.
  case agree(SessionID, Capabilities)
  /// Subscribes the session to the room.
  case enter(SessionID, RoomName)
  /// Ends the session's subscription to the room.
  case leave(SessionID, RoomName)
  /// For the operator's log.
  case loggedIn(SessionID, Nickname)
  /// For the operator's log; also ends all subscriptions of the session.
  case loggedOut(SessionID, Nickname, LeaveReason)
  /// Answered with `HubEvent.stored`, in the order of these actions. The message itself comes as an entry of the feed.
  case store(NewMessage)
  /// Answered with `HubEvent.read`.
  /// - Parameter for: the member who asks, for fair scheduling of the log's reads; nil for a request without a member.
  indirect case read(ReadID, ReadRequest, for: MemberID?)
  /// The answer is no longer needed, and may be omitted.
  case cancelRead(ReadID, for: MemberID?)
  /// The mark comes as an entry of the feed, even if it could not be stored, except if a shared log refuses it, or if
  /// too many marks wait for a shared log.
  /// - Parameter login: the login that moved the mark.
  case keep(ReadMark, login: LoginID)
  /// All of the changes are stored, or none. Comes back as an entry of the feed or as `HubEvent.rejected`; changes that
  /// must be stored do so in the order of these actions.
  /// - Parameter stake: the state that the decision depends on.
  indirect case propose(SharedChange, Stake)
  /// A login has ended. Comes back as an entry of the feed, however long that takes.
  case depart(Departure)
  /// Answered with `HubEvent.redacted`.
  /// - Parameters:
  ///   - author: redact only a message of this author; nil: of any author.
  ///   - note: stored together with the redaction.
  indirect case redact(RedactionID, Conversation, sequence: Int, author: MemberID?, note: RedactionNote)
  /// Too much of the session's input waits, or its capabilities are about to change: accept no further request from it
  /// until `release`, not even one that has already arrived.
  case hold(SessionID)
  case release(SessionID)
  /// Deliver pending output, then close the connection. The hub has forgotten the session.
  case close(SessionID, CloseReason)
}

/// The reason for closing a connection: for the operator's log.
public enum CloseReason: String, Hashable, Sendable {
  case quit
  case closed
  case idle
  case slow
  case loginTimeout = "login-timeout"
  case full
  case takenOver = "taken-over"
  case shutdown
  case kicked
  case banned
  /// Too many connections from one address block, at once or within the attempt period.
  case tooMany = "too-many"
  case tlsRequired = "tls-required"
  /// Too many lines before login.
  case unnamed
  /// The lines of an HTTP request.
  case http
  /// Too many failed key proofs.
  case unproven
}
