import ChatProtocol
import DequeModule

/// A message on its way out.
struct Draft: Hashable, Sendable {
  var id: SendID
  var recipient: Target
  var text: String

  var request: ClientMessage {
    switch recipient {
    case .room(.lobby): .message(text)
    case .room: .say(recipient, text: text)
    case .person(let name): .direct(to: name, text: text)
    }
  }
}

/// What was not sent yet, in the order in which it was said.
struct Outbox: Sendable {
  static let limit = 200

  private var drafts: Deque<Draft> = []

  var isEmpty: Bool { drafts.isEmpty }
  var count: Int { drafts.count }

  /// - Returns: false where there is no room left.
  mutating func append(_ draft: Draft) -> Bool {
    guard drafts.count < Self.limit else { return false }
    drafts.append(draft)
    return true
  }

  mutating func next() -> Draft? { drafts.popFirst() }

  mutating func removeAll() -> Deque<Draft> {
    defer { drafts = [] }
    return drafts
  }
}
