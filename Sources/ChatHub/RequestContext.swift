import ChatProtocol

/// What must be known of a session to judge what it says.
struct RequestContext {
  let session: SessionID
  /// Where the session is registered.
  let place: Int
  let dialect: Capabilities
  let presence: Session.Presence?
  /// Whether messages of it are not stored yet: nothing but further messages may be answered before.
  let isBehind: Bool
  /// Whether the log was asked to store what its last request changes: nothing may be answered before.
  let isProposing: Bool
  /// Whether it is the host's control socket, which needs no name.
  let isControl: Bool
}
