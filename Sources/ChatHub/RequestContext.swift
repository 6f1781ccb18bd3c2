import ChatProtocol

/// The state of a session that is needed to handle its requests.
struct RequestContext {
  let session: SessionID
  /// The session's place in the slot map.
  let place: Int
  let dialect: Capabilities
  let presence: Session.Presence?
  /// Whether messages of the session are not stored yet: only further messages may be handled before that.
  let isBehind: Bool
  /// Whether a change of the session's last request is being stored: no request may be handled before that.
  let isProposing: Bool
  /// Whether this is the host's control socket, which needs no login.
  let isControl: Bool
}
