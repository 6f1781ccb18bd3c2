/// What a server says to an `AdminRequest`.
public enum AdminAnswer: Hashable, Sendable {
  /// - Parameters:
  ///   - code: of `ADMIT`: what lets people in.
  ///   - pin: of `ADMIT`: what they are to know the server by; nil where nothing is encrypted.
  ///   - place: of `ADMIT`: where the server listens, `HOST:PORT`, or `*:PORT` for all addresses.
  case done(code: String?, pin: Pin? = nil, place: String? = nil)
  case keys([AccountKey])
  case sanctions([Sanction])
  case operators([Nickname])
  /// The newest first.
  case acts([Act])
  /// - Parameter reason: a sentence.
  case refused(reason: String)
}
