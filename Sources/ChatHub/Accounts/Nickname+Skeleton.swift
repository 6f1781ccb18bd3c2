import ChatProtocol

extension Nickname {
  /// The same for names that look alike.
  var skeleton: String { folded }
}
