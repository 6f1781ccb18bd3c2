import ChatProtocol

/// Which messages of a conversation were taken away: a page that was read before may still bring their text.
struct Removals: Hashable, Sendable {
  private var names: [Int: Nickname] = [:]
  /// The oldest first.
  private var order: [Int] = []

  /// What is on its way comes soon.
  private static let maximum = 1000

  mutating func note(_ sequence: Int, by name: Nickname) {
    guard names.updateValue(name, forKey: sequence) == nil else { return }
    order.append(sequence)
    if order.count > Self.maximum { names[order.removeFirst()] = nil }
  }

  func contains(_ sequence: Int) -> Bool { names[sequence] != nil }

  func applied(to body: TranscriptEntry.Body, _ sequence: Int?) -> TranscriptEntry.Body {
    guard let sequence, let name = names[sequence] else { return body }
    return body.removed(by: name) ?? body
  }

  func applied(to message: Transcript.Missed) -> Transcript.Missed {
    var message = message
    message.body = applied(to: message.body, message.sequence)
    return message
  }
}
