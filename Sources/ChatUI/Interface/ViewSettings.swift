/// The parts of the screen that the user has switched on or off; saved between runs.
public struct ViewSettings: Hashable, Sendable, Codable {
  /// Whether the list of users beside the conversation is shown.
  public var showsSidebar: Bool
  /// Whether join and leave lines are hidden.
  public var hidesPresence: Bool

  public init(showsSidebar: Bool = true, hidesPresence: Bool = false) {
    self.showsSidebar = showsSidebar
    self.hidesPresence = hidesPresence
  }
}
