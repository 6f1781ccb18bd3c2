/// The look of a cell. The background is the terminal's own, except with `reversed`.
public struct Style: Hashable, Sendable {
  public var color: Color
  public var attributes: Attributes

  @inlinable public init(_ color: Color = .standard, _ attributes: Attributes = []) {
    self.color = color
    self.attributes = attributes
  }

  public static let plain = Style()
  public static let dim = Style(.faint)
  public static let bold = Style(.standard, .bold)
  public static let reversed = Style(.standard, .reversed)

  /// A foreground colour, named by its purpose. The terminal chooses a colour that is readable on its background.
  public enum Color: Hashable, Sendable {
    /// The terminal's own foreground.
    case standard
    /// Times, notices, hints.
    case faint
    /// The user's own name.
    case own
    /// Mentions, and tabs that want attention.
    case highlight
    /// Errors.
    case alert
    /// A good state, such as connected.
    case good
    /// One of the `nameColors` colours for other users' names.
    case name(Int)
  }

  /// The number of different colours for names.
  public static let nameColors = 12

  public struct Attributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let bold = Attributes(rawValue: 1 << 0)
    public static let underlined = Attributes(rawValue: 1 << 1)
    public static let reversed = Attributes(rawValue: 1 << 2)
    /// Ignored by terminals that have no italics.
    public static let italic = Attributes(rawValue: 1 << 3)
  }
}
