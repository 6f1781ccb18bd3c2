/// What of the screen the person has switched on or off, for good.
public struct ViewSettings: Hashable, Sendable {
  /// The list of people beside the conversation.
  public var showsSidebar: Bool
  /// Lines that tell who came and went are left out.
  public var hidesPresence: Bool

  public init(showsSidebar: Bool = true, hidesPresence: Bool = false) {
    self.showsSidebar = showsSidebar
    self.hidesPresence = hidesPresence
  }
}
