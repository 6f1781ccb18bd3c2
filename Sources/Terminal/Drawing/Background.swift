/// What is known of the terminal's background before it was asked, or where it does not answer.
enum Background {
  /// - Parameters:
  ///   - type: `TERM`.
  ///   - hint: `COLORFGBG`, where rxvt and Konsole write which of the sixteen colours are foreground and background:
  ///     `15;0`, `0;default;15`.
  static func presumed(type: String?, hint: String?) -> RGB? {
    // The console of Linux is black, and does not know the question.
    if type == "linux" { return .black }
    guard let number = hint?.split(separator: ";").last.flatMap({ Int($0) }) else { return nil }
    switch number {
    // The shades are the theme's: as bright as black becomes in those that are popular.
    case 0...6, 8: return RGB(0x2e, 0x34, 0x40)
    case 7, 15: return .white
    default: return nil
    }
  }
}
