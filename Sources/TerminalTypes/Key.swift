/// A decoded key press, independent of the terminal's encoding.
public struct Key: Hashable, Sendable {
  public var symbol: Symbol
  public var modifiers: Modifiers

  public init(_ symbol: Symbol, _ modifiers: Modifiers = []) {
    self.symbol = symbol
    self.modifiers = modifiers
  }

  public enum Symbol: Hashable, Sendable {
    /// One grapheme cluster; with `.control` or `.alt` a lower-case letter, a digit or a sign.
    case character(Character)
    case enter, tab, backspace, delete, escape, insert
    case up, down, left, right, home, end, pageUp, pageDown
    case function(Int)
  }

  public struct Modifiers: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Reported with keys other than characters, whose shifted form is another character.
    public static let shift = Modifiers(rawValue: 1 << 0)
    public static let alt = Modifiers(rawValue: 1 << 1)
    public static let control = Modifiers(rawValue: 1 << 2)
  }

  public static func control(_ character: Character) -> Key { Key(.character(character), .control) }
  public static func alt(_ character: Character) -> Key { Key(.character(character), .alt) }
  public static func alt(_ symbol: Symbol) -> Key { Key(symbol, .alt) }
  public static func character(_ character: Character) -> Key { Key(.character(character)) }
}
