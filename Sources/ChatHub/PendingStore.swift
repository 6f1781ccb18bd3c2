import ChatProtocol

/// The request to answer when the log has stored a message.
struct PendingStore: Sendable {
  var session: SessionID
  var verb: Verb
  var label: String?
  /// Bytes of the message's text.
  var bytes: Int
}
