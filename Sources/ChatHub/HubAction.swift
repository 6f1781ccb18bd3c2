import ChatProtocol

/// What the hub decided. Its owner carries the actions out in their order, and decides nothing.
public enum HubAction: Hashable, Sendable {
  /// One line to one session, behind all that was published before.
  case send(SessionID, ServerMessage, Tags)
  /// One line to everybody who has entered the room and not left it. The lobby's are all who are logged in.
  case publish(ServerMessage, in: RoomName, Tags)
  /// A message of a room to everybody who has entered it: `MSG` or `TOPIC` with its place and time.
  case post(StoredMessage)
  /// The session speaks this dialect from now on, in both directions.
  case agree(SessionID, Capabilities)
  /// The session hears what is published in the room from now on.
  case enter(SessionID, RoomName)
  /// The session hears no more of what is published in the room.
  case leave(SessionID, RoomName)
  /// For the operator's log.
  case loggedIn(SessionID, Nickname)
  /// For the operator's log; also ends what the session hears of any room.
  case loggedOut(SessionID, Nickname, LeaveReason)
  /// Answered with `HubEvent.stored`, in the order of these actions.
  case store(NewMessage)
  /// Answered with `HubEvent.read`.
  /// - Parameter for: who asks, and shares what the log can do with the others; nil for nobody in the chat.
  case read(ReadID, ReadRequest, for: MemberID?)
  /// The answer is not waited for any more, and need not come.
  case cancelRead(ReadID, for: MemberID?)
  /// Not answered.
  case keep(ReadMark)
  /// All of the changes are stored, or none. Answered with `HubEvent.settled`, in the order of these actions.
  case propose(ProposalID, [RegistryChange])
  /// Answered with `HubEvent.erased`.
  /// - Parameters:
  ///   - author: only if it is theirs; nil: whose ever it is.
  ///   - note: stored together with the removal.
  case erase(EraseID, Conversation, sequence: Int, author: MemberID?, note: RemovalNote)
  /// Too much of what the session sent waits, or its dialect is about to change: take no further line of it until
  /// `release`, not even one that has arrived already.
  case hold(SessionID)
  case release(SessionID)
  /// Deliver what was sent, then hang up. The hub has forgotten the session.
  case close(SessionID, CloseReason)
}

/// Why the hub hangs up: for the operator's log.
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
  /// Too many connections of one address, at a time or lately.
  case tooMany = "too-many"
  case tlsRequired = "tls-required"
  /// Too much was said without a name.
  case unnamed
  /// The lines of an HTTP request.
  case http
  /// Too many proofs of a key were none.
  case unproven
}
