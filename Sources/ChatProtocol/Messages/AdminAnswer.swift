/// What a server says to an `AdminRequest`.
public enum AdminAnswer: Hashable, Sendable {
  /// - Parameter code: of `ADMIT`: what lets people in.
  case done(code: String?)
  case keys([AccountKey])
  case sanctions([Sanction])
  case operators([Nickname])
  /// The newest first.
  case acts([Act])
  /// - Parameter reason: a sentence.
  case refused(reason: String)
}
