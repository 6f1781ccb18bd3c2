import ChatProtocol

/// Where messages are kept, and where each gets its place in the order of its conversation.
///
/// Calls return when what they promise is true, and may block until then: a log that touches a disk is called off the
/// event loops. Not thread-safe; whoever owns a log calls it from one place.
public protocol MessageLog {
  /// Stores all of the messages, in their order, or none.
  /// - Throws: `LogError` when none was stored.
  /// - Returns: the same messages, with their places, in the same order.
  mutating func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoredMessage]

  /// - Returns: up to `limit` messages with a sequence greater than `sequence`, the oldest first.
  func messages(in conversation: Conversation, after sequence: Int, limit: Int) throws(LogError) -> [StoredMessage]

  /// - Returns: the last `limit` messages, the oldest first.
  func latest(_ limit: Int, in conversation: Conversation) throws(LogError) -> [StoredMessage]
}

/// Why nothing was stored, or could be read.
public struct LogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// For the operator's log: what failed, with what.
  public let description: String

  public init(_ description: String) { self.description = description }
}
