import CNcurses
import Platform

/// An entry of the terminfo database.
public struct TerminalType: Equatable, Sendable {
  /// 0 if it has none.
  public let colors: Int
  /// Whether the cursor can be moved, which a full-screen program needs.
  public let canMoveCursor: Bool

  /// - Returns: nil if the type is unknown on this system.
  public init?(named name: String) {
    var colors: Int32 = 0
    var canMove = false
    guard swiftchat_terminal_type(name, &colors, &canMove) else { return nil }
    self.init(colors: max(0, Int(colors)), canMoveCursor: canMove)
  }

  public init(colors: Int, canMoveCursor: Bool = true) {
    self.colors = colors
    self.canMoveCursor = canMoveCursor
  }
}

/// The encoding of the environment's locale.
public enum LocaleEncoding: Equatable, Sendable {
  case utf8
  /// Another encoding; the system has a UTF-8 locale, which the client uses instead.
  case replaced
  /// Another encoding, and the system has no UTF-8 locale.
  case missing

  /// Adopts the locale for the whole process.
  public static func adopt() -> LocaleEncoding {
    setlocale(LC_ALL, "")
    if swiftchat_locale_is_utf8() { return .utf8 }
    return CharacterSet.adopt() == nil ? .replaced : .missing
  }
}
