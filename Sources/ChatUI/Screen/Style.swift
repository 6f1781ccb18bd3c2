/// How a cell looks. The background is the terminal's own, but for `reversed`.
public struct Style: Hashable, Sendable {
  public var color: Color
  public var attributes: Attributes

  public init(_ color: Color = .standard, _ attributes: Attributes = []) {
    self.color = color
    self.attributes = attributes
  }

  public static let plain = Style()
  public static let dim = Style(.faint)
  public static let bold = Style(.standard, .bold)
  public static let reversed = Style(.standard, .reversed)

  /// A foreground, named by its purpose: the terminal picks one that can be read on a dark and on a light background.
  public enum Color: Hashable, Sendable {
    /// The terminal's own foreground.
    case standard
    /// Times, notices, hints.
    case faint
    /// The person's own name.
    case own
    /// Mentions, and what wants attention.
    case highlight
    /// Something went wrong.
    case alert
    /// Something is well: connected.
    case good
    /// One of `nameColors` for the names of others.
    case name(Int)
  }

  /// How many different colours names have.
  public static let nameColors = 12

  public struct Attributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let bold = Attributes(rawValue: 1 << 0)
    public static let underlined = Attributes(rawValue: 1 << 1)
    public static let reversed = Attributes(rawValue: 1 << 2)
  }
}
