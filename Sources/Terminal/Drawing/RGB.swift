import Platform

/// A colour in sRGB.
struct RGB: Hashable, Sendable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  static let black = RGB(0, 0, 0)
  static let white = RGB(255, 255, 255)

  /// A colour of xterm's 256 that no theme changes: the colour cube and the greys.
  /// - Parameter index: 16 to 255.
  init?(index: Int) {
    switch index {
    case 16..<232:
      let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
      let place = index - 16
      self.init(levels[place / 36], levels[place / 6 % 6], levels[place % 6])
    case 232..<256:
      let level = UInt8(8 + (index - 232) * 10)
      self.init(level, level, level)
    default: return nil
    }
  }

  /// Parses the body of the terminal's answer to `query`, such as `11;rgb:2e2e/3434/4040`: one to four hexadecimal
  /// digits per component, with an optional alpha component at the end (`rgba:`).
  init?(report: [UInt8]) {
    let text = String(decoding: report, as: UTF8.self)
    guard text.hasPrefix("11;rgb"), let colon = text.firstIndex(of: ":") else { return nil }
    let parts = text[text.index(after: colon)...].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3 || parts.count == 4 else { return nil }
    var levels: [UInt8] = []
    for part in parts.prefix(3) {
      guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit), let value = Int(part, radix: 16) else {
        return nil
      }
      let maximum = (1 << (4 * part.count)) - 1
      levels.append(UInt8(value * 255 / maximum))
    }
    self.init(levels[0], levels[1], levels[2])
  }

  /// The query for the terminal's background colour (OSC 11).
  static let query = "\u{1b}]11;?\u{1b}\\"
}

// MARK: Contrast

extension RGB {
  /// From 0 for black to 1 for white (WCAG 2.1, relative luminance).
  var luminance: Double {
    0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
  }

  /// From 1 to 21 (WCAG 2.1, contrast ratio).
  func contrast(to other: RGB) -> Double {
    let (bright, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (bright + 0.05) / (dark + 0.05)
  }

  private static func linear(_ level: UInt8) -> Double {
    let part = Double(level) / 255
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
  }
}
