import ChatProtocol
import ChatRecords
import DequeModule

/// Removals under way, and recent ones: messages read from the log before a removal may be sent after it.
struct Removals: Sendable {
  private var lastID: UInt64 = 0
  private var waiting: [EraseID: PendingRemoval] = [:]
  private var recent: Deque<Removal> = []
  private var places: Set<Place> = []
  /// The number of removals since the start.
  private(set) var count = 0

  /// Answers still under way contain no message that was removed earlier than these.
  private static let maximumRecent = 1024

  /// A request to remove a message, until the log has answered it.
  struct PendingRemoval: Sendable {
    var address: ReplyAddress
    /// When the hub's clock first saw the request wait.
    var waitingSince: MonotonicTime?
    /// The session has been answered, and gets no further answer.
    var isAnswered = false
  }

  struct Removal: Sendable {
    var place: Place
    var by: Nickname
    var wasTopic: Bool
  }

  struct Place: Hashable, Sendable {
    var conversation: Conversation
    var sequence: Int
  }

  mutating func begin(_ wish: PendingRemoval) -> EraseID {
    lastID += 1
    let id = EraseID(lastID)
    waiting[id] = wish
    return id
  }

  mutating func finish(_ id: EraseID) -> PendingRemoval? { waiting.removeValue(forKey: id) }

  /// - Returns: requests that have waited longer than the patience; they must be answered now. The log may still carry
  ///   them out.
  mutating func takeLate(at now: MonotonicTime, after patience: Duration) -> [PendingRemoval] {
    guard !waiting.isEmpty else { return [] }
    var late: [PendingRemoval] = []
    for id in waiting.keys.sorted(by: { $0.number < $1.number }) {
      guard let wish = waiting[id], !wish.isAnswered else { continue }
      guard let since = wish.waitingSince else {
        waiting[id]?.waitingSince = now
        continue
      }
      guard since + patience <= now else { continue }
      waiting[id]?.isAnswered = true
      late.append(wish)
    }
    return late
  }

  mutating func note(_ removal: Removal) {
    guard places.insert(removal.place).inserted else { return }
    count += 1
    recent.append(removal)
    guard recent.count > Self.maximumRecent, let oldest = recent.popFirst() else { return }
    places.remove(oldest.place)
  }

  /// The removals after the given count, as far back as they are known.
  func since(_ earlier: Int) -> some Sequence<Removal> { recent.suffix(max(count - earlier, 0)) }

  func contains(_ message: StoredMessage) -> Bool {
    !places.isEmpty && places.contains(Place(conversation: message.conversation, sequence: message.sequence))
  }

  /// The message after any removal.
  func applied(to message: StoredMessage) -> StoredMessage {
    guard contains(message) else { return message }
    var message = message
    message.kind = .removed
    message.text = ""
    return message
  }
}
