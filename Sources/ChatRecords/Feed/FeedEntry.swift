import ChatProtocol

/// An entry of the feed: the one order of all messages and shared changes. A hub publishes and applies only what the
/// feed brings, so that all hubs of a chat send the same lines in the same order.
public enum FeedEntry: Hashable, Sendable {
  case message(StoredMessage)
  case redaction(Redaction)
  /// A read mark has moved.
  /// - Parameter login: the login that moved it, which knows already.
  case mark(ReadMark, login: LoginID)
  case change(SharedChange)
  /// A login has ended.
  case departure(Departure)
  /// A hub is dead, and all its logins have ended. Never brought to the hub itself: a process whose hub was declared
  /// dead starts a new one.
  case hubEnded(HubID)
}

/// The redaction of a message: its author or an operator removed its text.
public struct Redaction: Hashable, Sendable, Codable {
  public var conversation: Conversation
  public var sequence: Int
  /// The name of the member who redacted it, or that of the host.
  public var by: Nickname

  public init(_ conversation: Conversation, sequence: Int, by: Nickname) {
    self.conversation = conversation
    self.sequence = sequence
    self.by = by
  }
}
