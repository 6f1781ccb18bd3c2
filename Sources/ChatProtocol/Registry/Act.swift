/// Something that an operator did, for the audit log.
public struct Act: Hashable, Sendable {
  public var time: Timestamp
  public var by: Nickname
  /// `KICK`, `BAN`, …
  public var verb: Verb
  /// Whom or what it was done to: one word.
  public var subject: String
  /// The rest of it, for people. May be empty.
  public var text: String

  public init(time: Timestamp, by: Nickname, verb: Verb, subject: String, text: String) {
    self.time = time
    self.by = by
    self.verb = verb
    self.subject = subject
    self.text = text
  }
}
