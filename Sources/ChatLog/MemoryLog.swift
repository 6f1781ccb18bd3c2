import ChatProtocol
import DequeModule

/// A log that ends with the process and keeps the last messages of the conversations last written in.
public struct MemoryLog: MessageLog, Sendable {
  /// How many messages of one conversation are kept.
  public let capacity: Int
  /// How many conversations are kept at least, and twice as many at most. One that is dropped begins anew at 1.
  public let conversationCapacity: Int

  private var conversations: [Conversation: Kept] = [:]
  /// Counts all messages, to know which conversations were written in last.
  private var appended = 0

  private struct Kept: Sendable {
    var head = 0
    var lastAppended = 0
    var messages: Deque<StoredMessage> = []
  }

  public init(capacity: Int = 1000, conversationCapacity: Int = 1000) {
    self.capacity = max(capacity, 1)
    self.conversationCapacity = max(conversationCapacity, 1)
  }

  public mutating func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoredMessage] {
    messages.map { message in
      appended += 1
      let stored = store(message, at: time, in: &conversations[message.conversation, default: Kept()])
      if conversations.count - conversationCapacity > conversationCapacity { dropOldConversations() }
      return stored
    }
  }

  private mutating func dropOldConversations() {
    let oldestKept = conversations.values.map(\.lastAppended).sorted(by: >)[conversationCapacity - 1]
    conversations = conversations.filter { $0.value.lastAppended >= oldestKept }
  }

  private func store(_ message: NewMessage, at time: Timestamp, in kept: inout Kept) -> StoredMessage {
    kept.head += 1
    kept.lastAppended = appended
    let stored = StoredMessage(message, sequence: kept.head, time: time)
    if kept.messages.count == capacity { kept.messages.removeFirst() }
    kept.messages.append(stored)
    return stored
  }

  public func messages(
    in conversation: Conversation, after sequence: Int, limit: Int
  ) throws(LogError) -> [StoredMessage] {
    guard let kept = conversations[conversation], let first = kept.messages.first, sequence < kept.head else {
      return []
    }
    let skipped = sequence < first.sequence ? 0 : sequence - first.sequence + 1
    return Array(kept.messages.dropFirst(skipped).prefix(max(limit, 0)))
  }

  public func latest(_ limit: Int, in conversation: Conversation) throws(LogError) -> [StoredMessage] {
    Array(conversations[conversation]?.messages.suffix(max(limit, 0)) ?? [])
  }
}
