import ChatModel
import ChatProtocol
import DequeModule

extension OutgoingMessage {
  /// The key by which the server recognises a repeated message.
  var key: IdempotencyKey? { idempotencyKey ?? IdempotencyKey(String(id.rawValue, radix: 16)) }
}

/// Messages to be sent, in the order of writing, including those sent on a lost connection.
struct Outbox: Sendable {
  static let limit = 200

  private var messages: Deque<OutgoingMessage> = []
  private var transmitted = 0

  var isEmpty: Bool { messages.isEmpty }
  var count: Int { messages.count }
  var first: OutgoingMessage? { messages.first }

  /// - Returns: false if there is no room left.
  mutating func append(_ outgoing: OutgoingMessage) -> Bool {
    guard messages.count < Self.limit else { return false }
    messages.append(outgoing)
    if outgoing.wasTransmitted { transmitted += 1 }
    return true
  }

  /// Puts messages back in front of all others, in their order.
  mutating func putBack(_ unanswered: [OutgoingMessage]) {
    for outgoing in unanswered.reversed() {
      messages.prepend(outgoing)
      messages[0].wasTransmitted = true
    }
    transmitted += unanswered.count
  }

  mutating func next() -> OutgoingMessage? {
    guard let outgoing = messages.popFirst() else { return nil }
    if outgoing.wasTransmitted { transmitted -= 1 }
    return outgoing
  }

  /// Whether a message to this conversation was sent on a lost connection, so that only the server knows its outcome.
  func awaitsVerdict(in target: Target) -> Bool {
    transmitted > 0 && messages.contains { $0.wasTransmitted && $0.target == target }
  }

  mutating func removeTransmitted() -> [OutgoingMessage] {
    guard transmitted > 0 else { return [] }
    transmitted = 0
    defer { messages.removeAll(where: \.wasTransmitted) }
    return messages.filter(\.wasTransmitted)
  }

  mutating func removeAll() -> Deque<OutgoingMessage> {
    defer { self = Outbox() }
    return messages
  }
}
