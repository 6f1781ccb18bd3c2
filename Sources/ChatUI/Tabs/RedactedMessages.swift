import ChatProtocol

/// The redacted messages of a conversation. A page that was read before the redaction may still contain their text.
struct RedactedMessages: Hashable, Sendable {
  private var names: [Int: Nickname] = [:]
  /// Sequence numbers in order of redaction.
  private var order: [Int] = []

  /// The limit: only pages that are still in flight matter.
  private static let maximum = 1000

  mutating func note(_ sequence: Int, by name: Nickname) {
    guard names.updateValue(name, forKey: sequence) == nil else { return }
    order.append(sequence)
    if order.count > Self.maximum { names[order.removeFirst()] = nil }
  }

  func contains(_ sequence: Int) -> Bool { names[sequence] != nil }

  func applied(to body: TranscriptEntry.Body, _ sequence: Int?) -> TranscriptEntry.Body {
    guard let sequence, let name = names[sequence] else { return body }
    return body.redacted(by: name) ?? body
  }

  func applied(to message: Transcript.PageMessage) -> Transcript.PageMessage {
    var message = message
    message.body = applied(to: message.body, message.sequence)
    return message
  }
}
