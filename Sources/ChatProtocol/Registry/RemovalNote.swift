/// What the audit log says of a message that somebody other than its author takes away. It is stored together with the
/// removal, and by then it is known whose message it was.
public struct RemovalNote: Hashable, Sendable {
  public var time: Timestamp
  public var by: Nickname
  /// Nil for nobody in the chat.
  public var member: MemberID?
  /// The message's place, as `#room/17`.
  public var subject: String
  /// For people. May be empty.
  public var reason: String

  public init(time: Timestamp, by: Nickname, member: MemberID?, subject: String, reason: String) {
    self.time = time
    self.by = by
    self.member = member
    self.subject = subject
    self.reason = reason
  }

  /// - Parameter message: as it was.
  /// - Returns: nil where nothing is noted: it is its author's own wish, or the message was taken away before.
  public func act(for message: StoredMessage) -> Act? {
    guard message.kind != .removed, message.member != member else { return nil }
    let text = "of \(message.author)" + (reason.isEmpty ? "" : ": \(reason)")
    return Act(time: time, by: by, verb: .remove, subject: subject, text: text)
  }
}
