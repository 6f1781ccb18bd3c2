import ChatProtocol

/// The messages of one conversation that the user may remove.
struct RemovalList: Hashable, Sendable {
  /// Newest first; each has a sequence number.
  let messages: [Said]
  /// May be empty.
  let reason: String
  var choice = Choice()

  /// The limit for the list.
  static let maximum = 500

  init(_ messages: [Said], reason: String) {
    self.messages = messages
    self.reason = reason
  }

  var chosen: Said? { messages.indices.contains(choice.index) ? messages[choice.index] : nil }
}
