import ChatProtocol

/// The audit entry for the redaction of a message by a member other than its author, or by the host. It is stored
/// together with the redaction, because the author is known only then.
public struct RedactionNote: Hashable, Sendable {
  public var time: Timestamp
  public var by: Nickname
  /// Nil if the request did not come from a member, as for `swiftchat admin`.
  public var member: MemberID?
  /// The message's conversation and sequence, as `#room/17`.
  public var subject: String
  /// Free text. May be empty.
  public var reason: String

  public init(time: Timestamp, by: Nickname, member: MemberID?, subject: String, reason: String) {
    self.time = time
    self.by = by
    self.member = member
    self.subject = subject
    self.reason = reason
  }

  /// - Parameter message: the message before its redaction.
  /// - Returns: nil if there is nothing to log: the author redacted the message, or it was redacted before.
  public func act(for message: StoredMessage) -> Act? {
    guard message.kind != .redacted, message.member != member else { return nil }
    let text = "of \(message.author)" + (reason.isEmpty ? "" : ": \(reason)")
    return Act(time: time, by: by, verb: .redact, subject: subject, text: text)
  }
}
