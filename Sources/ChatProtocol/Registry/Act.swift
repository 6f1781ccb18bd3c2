/// An operator's action, for the audit log.
public struct Act: Hashable, Sendable, Codable {
  public var time: Timestamp
  public var by: Nickname
  /// `KICK`, `BAN`, …
  public var verb: Verb
  /// The target of the action, as one word.
  public var subject: String
  /// Further details for readers of the log. May be empty.
  public var text: String

  public init(time: Timestamp, by: Nickname, verb: Verb, subject: String, text: String) {
    self.time = time
    self.by = by
    self.verb = verb
    self.subject = subject
    self.text = text
  }
}
