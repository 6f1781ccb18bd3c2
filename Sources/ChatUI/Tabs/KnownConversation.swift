import ChatProtocol

/// The server's state of a conversation without an open tab.
struct KnownConversation: Hashable, Sendable {
  var epoch: Epoch
  var head: Int
  var mark: Int?

  /// The server reports rooms and the 100 most recent direct conversations.
  static let maximum = 400
}
