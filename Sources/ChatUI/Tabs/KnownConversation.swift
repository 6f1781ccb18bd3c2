import ChatProtocol

/// What the server said of a conversation that no tab is open for.
struct KnownConversation: Hashable, Sendable {
  var epoch: Epoch
  var head: Int
  var mark: Int?

  /// The server tells of the hundred people one wrote with last, and of rooms.
  static let maximum = 400
}
