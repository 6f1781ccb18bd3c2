/// A report of the mouse.
public struct MouseEvent: Hashable, Sendable, Codable {
  public var action: Action
  /// May be outside the screen, since the terminal can send anything.
  public var position: Screen.Position

  public init(_ action: Action, at position: Screen.Position) {
    self.action = action
    self.position = position
  }

  public enum Action: Hashable, Sendable, Codable {
    /// The left button was pressed, without modifiers.
    case press
    case wheelUp, wheelDown
  }
}
