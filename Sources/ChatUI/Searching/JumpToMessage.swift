import ChatProtocol

/// On the way to a message that is not loaded: page after page of what is older, until it is there.
struct JumpToMessage: Hashable, Sendable {
  let target: Target
  /// The message, or the first behind it that there is.
  let sequence: Int
  var pagesLeft = maximumPages

  /// With pages of a hundred, 10,000 messages.
  static let maximumPages = 100
}
