import ChatProtocol

/// What must be known of a session to judge what it says.
struct Speaker {
  let session: SessionID
  let dialect: Capabilities
  let presence: Session.Presence?

  init(_ id: SessionID, _ session: Session) {
    self.session = id
    dialect = session.dialect
    presence = session.presence
  }
}
