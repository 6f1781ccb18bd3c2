import ChatProtocol

/// What is known of a message that was not confirmed.
public enum SendFailure: Hashable, Sendable {
  /// The server, or this client in its place, refused the message.
  /// - Parameter code: nil for a reason without a code, and for servers with their own words.
  case refused(ErrorCode?)
  /// It was not sent, or the server has lost it since.
  case notStored
  /// It was sent, and the server did not answer: it may be stored or not.
  case unconfirmed
}
