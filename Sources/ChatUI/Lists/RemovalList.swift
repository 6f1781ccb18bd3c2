import ChatProtocol

/// What may be taken away of one conversation, to choose from.
struct RemovalList: Hashable, Sendable {
  /// The newest first; each has a place in the conversation.
  let messages: [Said]
  /// May be empty.
  let reason: String
  var choice = Choice()

  /// Nobody looks further back in a list.
  static let maximum = 500

  init(_ messages: [Said], reason: String) {
    self.messages = messages
    self.reason = reason
  }

  var chosen: Said? { messages.indices.contains(choice.index) ? messages[choice.index] : nil }
}
