import ChatModel
import ChatProtocol

/// A request for a page of a conversation.
struct HistoryRequest: Hashable, Sendable {
  enum HistoryPurpose: Hashable, Sendable {
    /// The newest page: the first one reported.
    case first
    /// Messages after the last one reported.
    case missing
    /// Messages before the first one reported.
    case older
  }

  var target: Target
  var purpose: HistoryPurpose
  var range: HistoryRange
  var limit: Int
  /// Serial number among the conversation's requests. An answer to a superseded request is ignored.
  var serial: UInt64
}

/// A page of a conversation's history from the server.
struct HistoryPage: Sendable {
  /// Oldest first; each message has its own sequence.
  var messages: [ChatMessage]
  var hasMore: Bool

  /// Sorts the messages and removes duplicates, for any answer of the server.
  init(_ messages: [ChatMessage], hasMore: Bool) {
    self.hasMore = hasMore
    var last = -1
    let sorted = messages.sorted { ($0.sequence ?? 0) < ($1.sequence ?? 0) }
    self.messages = sorted.filter { message in
      guard let sequence = message.sequence, sequence > 0, sequence != last else { return false }
      last = sequence
      return true
    }
  }
}
