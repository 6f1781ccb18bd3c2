import ChatProtocol

/// What the hub wants to know of the log.
public enum ReadRequest: Hashable, Sendable {
  case page(PageRequest)
  case search(SearchRequest)
  case state(of: MemberID)
  /// The newest acts of the audit log.
  case acts(limit: Int)
}

/// What the log says.
public enum ReadAnswer: Hashable, Sendable {
  /// To `page` and `search`.
  case page(Page)
  case state(MemberState)
  /// The newest first.
  case acts([Act])
}

/// Joins a request to its answer. Never used twice by one hub.
public struct ReadID: Hashable, Sendable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
}
