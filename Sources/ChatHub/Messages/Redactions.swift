import ChatProtocol
import ChatRecords
import DequeModule

/// Redactions under way, and recent ones: messages read from the log before a redaction may be sent
/// after it.
struct Redactions: Sendable {
  private var lastID: UInt64 = 0
  private var waiting: [RedactionID: PendingRedaction] = [:]
  private var recent: Deque<RecentRedaction> = []
  private var places: Set<RedactedPlace> = []
  /// The number of redactions since the start.
  private(set) var count = 0

  /// Answers still under way contain no message that was redacted earlier than these.
  private static let maximumRecent = 1024

  /// A request to redact a message, until the log has answered it.
  struct PendingRedaction: Sendable {
    var address: ReplyAddress
    /// When the hub's clock first saw the request wait.
    var waitingSince: MonotonicTime?
    /// The session has been answered, and gets no further answer.
    var isAnswered = false
  }

  struct RecentRedaction: Sendable {
    var redaction: Redaction
    /// The message was the topic of its room.
    var wasTopic: Bool
  }

  private struct RedactedPlace: Hashable {
    var conversation: Conversation
    var sequence: Int
  }

  mutating func begin(_ request: PendingRedaction) -> RedactionID {
    lastID += 1
    let id = RedactionID(lastID)
    waiting[id] = request
    return id
  }

  /// A redaction that nobody has asked for, so that nobody waits for its outcome.
  mutating func beginUnasked() -> RedactionID {
    lastID += 1
    return RedactionID(lastID)
  }

  mutating func finish(_ id: RedactionID) -> PendingRedaction? { waiting.removeValue(forKey: id) }

  /// - Returns: requests that have waited longer than the patience; they must be answered now. The log may still carry
  ///   them out.
  mutating func takeLate(at now: MonotonicTime, after patience: Duration) -> [PendingRedaction] {
    guard !waiting.isEmpty else { return [] }
    var late: [PendingRedaction] = []
    for id in waiting.keys.sorted(by: { $0.number < $1.number }) {
      guard let request = waiting[id], !request.isAnswered else { continue }
      guard let since = request.waitingSince else {
        waiting[id]?.waitingSince = now
        continue
      }
      guard since + patience <= now else { continue }
      waiting[id]?.isAnswered = true
      late.append(request)
    }
    return late
  }

  mutating func note(_ redaction: Redaction, wasTopic: Bool) {
    guard places.insert(Self.place(of: redaction)).inserted else { return }
    count += 1
    recent.append(RecentRedaction(redaction: redaction, wasTopic: wasTopic))
    guard recent.count > Self.maximumRecent, let oldest = recent.popFirst() else { return }
    places.remove(Self.place(of: oldest.redaction))
  }

  /// The redactions after the given count, as far back as they are known.
  func since(_ earlier: Int) -> some Sequence<RecentRedaction> { recent.suffix(max(count - earlier, 0)) }

  func contains(_ message: StoredMessage) -> Bool {
    !places.isEmpty && places.contains(RedactedPlace(conversation: message.conversation, sequence: message.sequence))
  }

  /// The message after any redaction.
  func applied(to message: StoredMessage) -> StoredMessage {
    contains(message) ? message.redacted : message
  }

  private static func place(of redaction: Redaction) -> RedactedPlace {
    RedactedPlace(conversation: redaction.conversation, sequence: redaction.sequence)
  }
}

/// Matches an answer to its `HubAction.redact`.
public struct RedactionID: Hashable, Sendable {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }
}
