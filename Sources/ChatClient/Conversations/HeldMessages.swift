import ChatModel
import ChatProtocol
import DequeModule

/// Messages of a conversation that arrived before their turn, ordered by sequence.
struct HeldMessages: Sendable {
  static let mostMessages = 500
  static let mostBytes = 1 << 20

  /// An item without a message is an own send that the server confirmed; its text need not arrive.
  struct Item: Sendable {
    var sequence: Int
    var message: ChatMessage?
  }

  private var items: Deque<Item> = []
  private(set) var bytes = 0

  var first: Item? { items.first }
  var isEmpty: Bool { items.isEmpty }

  /// Adds an item. An existing item is kept, unless it has no message.
  /// - Returns: false if there is no room left.
  mutating func insert(_ message: ChatMessage?, at sequence: Int) -> Bool {
    var place = items.count
    while place > 0, items[place - 1].sequence >= sequence { place -= 1 }
    let size = message.map(\.size) ?? 0
    if place < items.count, items[place].sequence == sequence {
      guard items[place].message == nil, bytes + size <= Self.mostBytes else { return true }
      items[place].message = message
    } else {
      guard items.count < Self.mostMessages, bytes + size <= Self.mostBytes else { return false }
      items.insert(Item(sequence: sequence, message: message), at: place)
    }
    bytes += size
    return true
  }

  @discardableResult
  mutating func popFirst() -> Item? {
    guard let item = items.popFirst() else { return nil }
    bytes -= item.message.map(\.size) ?? 0
    return item
  }

  /// A message was redacted before its turn came.
  mutating func redact(_ sequence: Int) {
    guard let place = items.firstIndex(where: { $0.sequence == sequence }), var message = items[place].message else {
      return
    }
    bytes -= message.size
    message.redact()
    bytes += message.size
    items[place].message = message
  }

  mutating func removeAll() { self = HeldMessages() }
}

extension ChatMessage {
  /// Approximate memory in bytes.
  var size: Int { text.utf8.count + 200 }
}
