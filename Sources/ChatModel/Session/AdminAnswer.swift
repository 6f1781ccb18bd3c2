import ChatProtocol

/// A server's answer to an `AdminRequest`.
public enum AdminAnswer: Hashable, Sendable, Codable {
  /// - Parameters:
  ///   - code: the invitation code; for `ADMIT` only.
  ///   - pin: the server's pin, to be passed on with the code; for `ADMIT` only, nil if the server does not encrypt.
  ///   - place: the server's listening address, `HOST:PORT`, or `*:PORT` for all addresses; for `ADMIT` only.
  case done(code: String?, pin: Pin? = nil, place: String? = nil)
  case keys([AccountKey])
  case sanctions([Sanction])
  case operators([Nickname])
  /// Newest first.
  case acts([Act])
  /// - Parameter reason: a sentence.
  case refused(reason: String)
}
