import ChatProtocol
import DequeModule

/// Messages that are being taken away, and those that just were: what the log read before is told after.
struct Removals: Sendable {
  private var lastID: UInt64 = 0
  private var waiting: [EraseID: Wish] = [:]
  private var recent: Deque<Removal> = []
  private var places: Set<Place> = []
  /// How many there ever were.
  private(set) var count = 0

  /// Older ones are in no answer that is still on its way.
  private static let maximumRecent = 1024

  /// That a message be taken away.
  struct Wish: Sendable {
    var session: SessionID
    var label: String?
    var conversation: Conversation
    var sequence: Int
    var by: Nickname
    /// When the hub's clock first saw it wait.
    var waitingSince: MonotonicTime?
    /// Its session was told something, and hears no more of it.
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

  mutating func begin(_ wish: Wish) -> EraseID {
    lastID += 1
    let id = EraseID(lastID)
    waiting[id] = wish
    return id
  }

  mutating func finish(_ id: EraseID) -> Wish? { waiting.removeValue(forKey: id) }

  /// - Returns: those that have waited for so long that their sessions wait no longer. The log may still do what they
  ///   ask for.
  mutating func takeLate(at now: MonotonicTime, after patience: Duration) -> [Wish] {
    guard !waiting.isEmpty else { return [] }
    var late: [Wish] = []
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

  /// Those since there were so many, as far back as they are known.
  func since(_ earlier: Int) -> some Sequence<Removal> { recent.suffix(max(count - earlier, 0)) }

  func contains(_ message: StoredMessage) -> Bool {
    !places.isEmpty && places.contains(Place(conversation: message.conversation, sequence: message.sequence))
  }

  /// The message as it is now.
  func applied(to message: StoredMessage) -> StoredMessage {
    guard contains(message) else { return message }
    var message = message
    message.kind = .removed
    message.text = ""
    return message
  }
}
