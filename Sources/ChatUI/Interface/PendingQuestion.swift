import ChatProtocol

/// A question or a list that comes by itself. It waits, and is not shown, until nobody has typed for a moment: nothing
/// that is being typed answers it or is lost to it, and all that is shown takes the keys.
struct PendingQuestion: Hashable, Sendable {
  private(set) var mode: Mode
  /// When it came, or the last key since was pressed.
  private var quietSince: Timestamp

  /// In milliseconds: longer than between two keys of somebody who types.
  static let pause: Int64 = 900

  init(_ mode: Mode, at now: Timestamp) {
    self.mode = mode
    quietSince = now
  }

  mutating func noteTyping(at now: Timestamp) { quietSince = now }

  /// Whether the keys may be for it. A clock that was put back makes nobody wait.
  func isDue(at now: Timestamp) -> Bool { !(0..<Self.pause).contains(now.milliseconds &- quietSince.milliseconds) }

  /// The same with another text.
  mutating func replace(with mode: Mode) { self.mode = mode }
}
