import ChatProtocol

/// A page that a conversation asks the server for.
struct HistoryRequest: Hashable, Sendable {
  enum Purpose: Hashable, Sendable {
    /// The newest: the first that is told of the conversation.
    case first
    /// What follows the last that was told.
    case missing
    /// What precedes the first that was told.
    case older
  }

  var target: Target
  var purpose: Purpose
  var range: HistoryRange
  var limit: Int
  /// Which of the conversation's requests it is: what answers one that is not waited for any more means nothing.
  var serial: UInt64

  var message: ClientMessage { .history(target, range, limit: limit) }
}

/// A part of a conversation as the server sent it.
struct HistoryPage: Sendable {
  /// The oldest first, each with its own sequence.
  var posts: [Post]
  var hasMore: Bool

  /// In order and each once, whatever the server did.
  init(_ posts: [Post], hasMore: Bool) {
    self.hasMore = hasMore
    var last = -1
    let sorted = posts.sorted { ($0.sequence ?? 0) < ($1.sequence ?? 0) }
    self.posts = sorted.filter { post in
      guard let sequence = post.sequence, sequence > 0, sequence != last else { return false }
      last = sequence
      return true
    }
  }
}
