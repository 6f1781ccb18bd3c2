import ChatProtocol
import ChatRecords

/// A read that the hub requests from the log.
public enum ReadRequest: Hashable, Sendable {
  case page(PageRequest)
  case search(SearchRequest)
  case state(of: MemberID)
  /// The newest acts of the audit log.
  case acts(limit: Int)
}

/// The log's answer to a read.
public enum ReadAnswer: Hashable, Sendable {
  /// To `page` and `search`.
  case page(Page)
  case state(MemberState)
  /// Newest first.
  case acts([Act])
}

/// Matches an answer to its request. Never reused by one hub.
public struct ReadID: Hashable, Sendable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
}
