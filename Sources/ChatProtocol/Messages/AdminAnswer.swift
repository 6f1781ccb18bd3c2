/// What a server says to an `AdminRequest`.
public enum AdminAnswer: Hashable, Sendable {
  /// - Parameters:
  ///   - code: of `ADMIT`: what lets people in.
  ///   - pin: of `ADMIT`: what they are to know the server by; nil where nothing is encrypted.
  case done(code: String?, pin: Pin? = nil)
  case keys([AccountKey])
  case sanctions([Sanction])
  case operators([Nickname])
  /// The newest first.
  case acts([Act])
  /// - Parameter reason: a sentence.
  case refused(reason: String)
}
