import ChatProtocol

/// The known state of a message that was not confirmed.
public enum SendFailure: Hashable, Sendable, Codable {
  /// The server, or this client in its place, refused the message.
  /// - Parameter code: nil for a reason without a code, and for servers with their own words.
  case refused(ErrorCode?)
  /// The message was not sent, or the server has lost it since.
  case notStored
  /// The message was sent, but the server did not answer: it may be stored or not.
  case unconfirmed
}
