/// A colour of the terminal.
public enum TerminalColor: Hashable, Sendable {
  /// The terminal's own foreground.
  case standard
  /// One of xterm's 256 colours.
  case index(UInt8)
}

/// Colours that the user chose in place of those of the palette. Nil and an empty list leave the palette's.
public struct ColorOverrides: Hashable, Sendable {
  public var faint: TerminalColor?
  public var own: TerminalColor?
  public var highlight: TerminalColor?
  public var alert: TerminalColor?
  public var good: TerminalColor?
  /// For names of other users; repeated if there are fewer than `Style.nameColors`.
  public var names: [TerminalColor] = []

  public init() {}
}
