import ChatUI

/// Which of the terminal's colours stands for which purpose: each with a contrast of at least 4.5 to the background
/// (WCAG 2.1, AA).
///
/// With 256 colours, the upper 240 of which no theme changes, there is a set for dark backgrounds and one for light ones.
/// Where the terminal does not tell its background, no colour can be read both on white and on the dark grey of many
/// themes: there each stands on a black of its own. The shades of the first eight are the theme's: only those are used
/// that no usual theme makes unreadable on such a background, and where it is not known, none. Nothing is dimmed, because
/// it is unknown how far.
struct Palette: Hashable, Sendable {
  private let foregrounds: Foregrounds

  /// Numbers of colours; nil for the terminal's own foreground.
  fileprivate struct Foregrounds: Hashable {
    var faint: Int16?
    var own: Int16?
    var highlight: Int16?
    var alert: Int16?
    var good: Int16?
    /// In an order in which neighbours differ most, the last from the first too. May be empty.
    var names: [Int16] = []
    /// What they stand on; nil for the terminal's own background.
    var background: Int16?
    /// Whether purposes are told apart by attributes too.
    var isScarce = false
    /// Whether bold, which many terminals also show as the brighter of two shades, would take contrast away.
    var isPalerInBold = false
  }

  /// - Parameters:
  ///   - colors: how many the terminal has.
  ///   - background: nil where it is not known.
  init(colors: Int, background: RGB? = nil) {
    foregrounds =
      if colors >= 256 {
        background.map(Self.many) ?? .onAny
      } else if colors >= 8 {
        background.map(Self.few) ?? Foregrounds(isScarce: true)
      } else {
        Foregrounds(isScarce: true)
      }
  }

  static let minimumContrast = 4.5

  private static func many(on background: RGB) -> Foregrounds {
    for candidates in [Foregrounds.onDark, .onLight] where candidates.canBeRead(on: background) { return candidates }
    return Foregrounds(isScarce: true)
  }

  private static func few(on background: RGB) -> Foregrounds {
    // The worst of the shades that xterm gives those that are used.
    if RGB(0, 0xcd, 0).contrast(to: background) >= minimumContrast { return .fewOnDark }
    if RGB(0xcd, 0, 0xcd).contrast(to: background) >= minimumContrast { return .fewOnLight }
    return Foregrounds(isScarce: true)
  }

  /// A curses pair and what to add to the attributes. Pair 0 is the terminal's own foreground.
  struct Look: Hashable, Sendable {
    var pair: Int16
    var attributes: Style.Attributes
  }

  func look(of style: Style) -> Look {
    let isPaler = foregrounds.isPalerInBold && style.attributes.contains(.bold)
    let isColored = foreground(of: style.color) != nil && !isPaler
    var attributes = style.attributes
    switch style.color {
    case .highlight, .alert, .own: if foregrounds.isScarce { attributes.insert(.bold) }
    case .standard, .faint, .good, .name: break
    }
    return Look(pair: isColored ? Self.pair(of: style.color) : 0, attributes: attributes)
  }

  /// A pair that `look` may name.
  struct Pair: Hashable, Sendable {
    var number: Int16
    var foreground: Int16
    /// Nil for the terminal's own.
    var background: Int16?
  }

  /// All of them but pair 0.
  var pairs: [Pair] {
    let purposes: [Style.Color] = [.faint, .own, .highlight, .alert, .good]
    return (purposes + (0..<Style.nameColors).map(Style.Color.name)).compactMap { color in
      foreground(of: color).map {
        Pair(number: Self.pair(of: color), foreground: $0, background: foregrounds.background)
      }
    }
  }

  private static func pair(of color: Style.Color) -> Int16 {
    switch color {
    case .standard: 0
    case .faint: 1
    case .own: 2
    case .highlight: 3
    case .alert: 4
    case .good: 5
    case .name(let index): 6 + Int16(slot(of: index))
    }
  }

  /// Nil for the terminal's own.
  private func foreground(of color: Style.Color) -> Int16? {
    switch color {
    case .standard: nil
    case .faint: foregrounds.faint
    case .own: foregrounds.own
    case .highlight: foregrounds.highlight
    case .alert: foregrounds.alert
    case .good: foregrounds.good
    case .name(let index):
      foregrounds.names.isEmpty ? nil : foregrounds.names[Self.slot(of: index) % foregrounds.names.count]
    }
  }

  /// Any number becomes one of the colours for names.
  private static func slot(of index: Int) -> Int {
    let remainder = index % Style.nameColors
    return remainder < 0 ? remainder + Style.nameColors : remainder
  }
}

// MARK: Sets

extension Palette.Foregrounds {
  /// Also on backgrounds such as those of Nord, Dracula and Zenburn.
  fileprivate static let onDark = Self(
    faint: 249, own: 117, highlight: 220, alert: 210, good: 114,
    names: [226, 158, 214, 46, 143, 213, 45, 216, 155, 211, 49, 225])
  /// Also on backgrounds such as those of Solarized and Gruvbox.
  fileprivate static let onLight = Self(
    faint: 240, own: 25, highlight: 94, alert: 124, good: 22,
    names: [17, 160, 90, 58, 21, 24, 128, 96, 19, 125, 26, 52])
  /// On the black of the cube. What is faint has the terminal's own colours: there is much of it.
  fileprivate static let onAny: Self = {
    var colors = onDark
    (colors.faint, colors.background) = (nil, 16)
    return colors
  }()
  /// Without yellow, which is brown on the Linux console.
  fileprivate static let fewOnDark = Self(highlight: 6, good: 2, names: [6, 2], isScarce: true)
  fileprivate static let fewOnLight = Self(highlight: 5, alert: 1, names: [4, 1, 5], isPalerInBold: true)

  fileprivate func canBeRead(on background: RGB) -> Bool {
    ([faint, own, highlight, alert, good] + names).allSatisfy { number in
      guard let color = number.flatMap({ RGB(index: Int($0)) }) else { return true }
      return color.contrast(to: background) >= Palette.minimumContrast
    }
  }
}
