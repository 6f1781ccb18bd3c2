import ChatProtocol

/// A jump to a message that is not loaded: older pages are requested until the message is loaded.
struct JumpToMessage: Hashable, Sendable {
  let target: Target
  /// The sequence number of the message; if that one is missing, the jump ends at the next one.
  let sequence: Int
  var pagesLeft = maximumPages

  /// 10,000 messages at 100 per page.
  static let maximumPages = 100
}
