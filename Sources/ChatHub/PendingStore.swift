import ChatProtocol

/// The request to answer when the log has stored a message.
struct PendingStore: Sendable {
  var address: ReplyAddress
  /// Bytes of the message's text.
  var bytes: Int
}
