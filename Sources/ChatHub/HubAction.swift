import ChatProtocol

/// What the hub decided. Its owner carries the actions out in their order, and decides nothing.
public enum HubAction: Hashable, Sendable {
  /// One line to one session, behind all that was published before.
  case send(SessionID, ServerMessage, Tags)
  /// One line to everybody who was admitted and not dismissed.
  case publish(ServerMessage, at: Timestamp?)
  /// The session speaks this dialect from now on, in both directions.
  case agree(SessionID, Capabilities)
  /// The session hears what is published from now on.
  case admit(SessionID, Nickname)
  /// The session hears no more of what is published.
  case dismiss(SessionID, Nickname, LeaveReason)
  /// Answered with `HubCommand.stored`, in the order of these actions.
  case store(NewMessage)
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
  case shutdown
}
