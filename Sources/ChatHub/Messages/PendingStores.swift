import ChatProtocol
import ChatRecords
import DequeModule

/// The messages that the log has been asked to store, in the order of the requests.
struct PendingStores: Sendable {
  private var waiting: Deque<PendingStore> = []
  /// The number of messages for which the log has reported an outcome.
  private(set) var answered: UInt64 = 0

  struct PendingStore: Sendable {
    var address: ReplyAddress
    /// Bytes of the message's text.
    var bytes: Int
  }

  /// The number of the last message that was given to the log.
  var last: UInt64 { answered + UInt64(waiting.count) }

  /// Asks the log to store the caller's message.
  mutating func begin(_ message: NewMessage, _ turn: inout Turn) {
    waiting.append(PendingStore(address: turn.caller.address, bytes: message.text.utf8.count))
    turn.emit(.store(message))
  }

  /// - Returns: the request to answer; nil if nothing was asked.
  mutating func finish() -> PendingStore? {
    guard let first = waiting.popFirst() else { return nil }
    answered += 1
    return first
  }
}
