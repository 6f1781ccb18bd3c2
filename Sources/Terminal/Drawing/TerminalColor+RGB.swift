import TerminalTypes

extension TerminalColor {
  /// The colour closest to one in sRGB, among those that no theme of a terminal changes.
  public static func closest(red: UInt8, green: UInt8, blue: UInt8) -> TerminalColor {
    func distance(_ index: Int) -> Int {
      guard let color = RGB(index: index) else { return .max }
      let differences = [(color.red, red), (color.green, green), (color.blue, blue)].map { Int($0) - Int($1) }
      return differences.reduce(0) { $0 + $1 * $1 }
    }
    return .index(UInt8((16...255).min { distance($0) < distance($1) } ?? 16))
  }

  /// The contrast to the background that a theme is made for, from 1 to 21 (WCAG 2.1).
  /// - Returns: nil if the colour, or the background, depends on the terminal.
  public func contrast(on theme: Theme) -> Double? {
    guard case .index(let index) = self, let color = RGB(index: Int(index)),
      let background = Background.assumed(by: theme)
    else { return nil }
    return color.contrast(to: background)
  }

  /// The contrast below which a text is hard to read.
  public static let readableContrast = Palette.minimumContrast
}
