import TerminalTypes

/// The presumed background colour of the terminal, used until the terminal answers, or if it does not.
enum Background {
  /// The background that a theme is made for; nil if the terminal's own decides.
  static func assumed(by theme: Theme) -> RGB? {
    switch theme {
    case .auto: nil
    case .dark: .black
    case .light: .white
    }
  }

  /// - Parameters:
  ///   - type: `TERM`.
  ///   - hint: `COLORFGBG`, where rxvt and Konsole write the numbers of the foreground and background colours among the
  ///     sixteen: `15;0`, `0;default;15`.
  static func presumed(type: String?, hint: String?) -> RGB? {
    // The Linux console is black and does not answer the query.
    if type == "linux" { return .black }
    guard let number = hint?.split(separator: ";").last.flatMap({ Int($0) }) else { return nil }
    switch number {
    // The shades depend on the theme: this is the lightest black of popular themes.
    case 0...6, 8: return RGB(0x2e, 0x34, 0x40)
    case 7, 15: return .white
    default: return nil
    }
  }
}
