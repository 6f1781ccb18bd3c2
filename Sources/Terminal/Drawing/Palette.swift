import TerminalTypes

/// Maps colour purposes to the terminal's colours, each with a contrast of at least 4.5 to the background (WCAG 2.1,
/// AA).
///
/// With 256 colours there is a set for dark and one for light backgrounds, chosen from the upper 240, which no theme
/// changes. If the background is unknown, no colour is readable both on white and on the dark grey of many themes: each
/// colour then gets a black background of its own. The shades of the first eight colours depend on the theme: only
/// those are used that no common theme makes unreadable on the known background; if it is unknown, none. Dim text is
/// not used, because its contrast is unknown.
///
/// Colours that the user chose are used as they are, on the terminal's own background.
struct Palette: Hashable, Sendable {
  private let foregrounds: Foregrounds
  private let overrides: ColorOverrides
  private let colors: Int

  /// Colour numbers; nil for the terminal's own foreground.
  fileprivate struct Foregrounds: Hashable {
    var faint: Int16?
    var own: Int16?
    var highlight: Int16?
    var alert: Int16?
    var good: Int16?
    /// Ordered so that neighbours, including the last and the first, differ most. May be empty.
    var names: [Int16] = []
    /// The background of these colours; nil for the terminal's own.
    var background: Int16?
    /// Whether attributes are needed to distinguish the purposes.
    var isScarce = false
    /// Whether bold would reduce the contrast: many terminals also show it as the brighter of two shades.
    var isPalerInBold = false
  }

  /// - Parameters:
  ///   - colors: the number of colours of the terminal.
  ///   - background: nil if unknown.
  ///   - overrides: colours that the terminal does not have are left out.
  init(colors: Int, background: RGB? = nil, overrides: ColorOverrides = ColorOverrides()) {
    (self.colors, self.overrides) = (colors, overrides)
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
    // The colour of the set with the lowest contrast, in xterm's shade. On a dark background only cyan and green can be
    // read in all themes, and they look too much alike: attributes replace them.
    if RGB(0xcd, 0, 0xcd).contrast(to: background) >= minimumContrast { return .fewOnLight }
    return Foregrounds(isScarce: true)
  }

  /// A curses pair, and the attributes to add to the style's own. Pair 0 is the terminal's own foreground.
  struct Look: Hashable, Sendable {
    var pair: Int16
    var attributes: Style.Attributes
  }

  func look(of style: Style) -> Look {
    let isPaler = foregrounds.isPalerInBold && style.attributes.contains(.bold)
    let isColored = colors(of: style.color) != nil && !isPaler
    var attributes = style.attributes
    switch style.color {
    case .highlight, .alert: if foregrounds.isScarce { attributes.insert(.bold) }
    case .own: if foregrounds.isScarce { attributes.insert(.underlined) }
    case .standard, .faint, .good, .name: break
    }
    return Look(pair: isColored ? Self.pair(of: style.color) : 0, attributes: attributes)
  }

  /// A colour pair that `look` can return.
  struct ColorPair: Hashable, Sendable {
    var number: Int16
    var foreground: Int16
    /// Nil for the terminal's own background.
    var background: Int16?
  }

  /// All pairs except 0.
  var pairs: [ColorPair] {
    let purposes: [Style.Color] = [.faint, .own, .highlight, .alert, .good]
    return (purposes + (0..<Style.nameColors).map(Style.Color.name)).compactMap { color in
      colors(of: color).map {
        ColorPair(number: Self.pair(of: color), foreground: $0.foreground, background: $0.background)
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

  /// Nil for the terminal's own foreground.
  private func colors(of color: Style.Color) -> (foreground: Int16, background: Int16?)? {
    switch override(of: color) {
    case .standard: return nil
    case .index(let index) where Int(index) < colors: return (Int16(index), nil)
    case .index, nil: return foreground(of: color).map { ($0, foregrounds.background) }
    }
  }

  private func override(of color: Style.Color) -> TerminalColor? {
    switch color {
    case .standard: nil
    case .faint: overrides.faint
    case .own: overrides.own
    case .highlight: overrides.highlight
    case .alert: overrides.alert
    case .good: overrides.good
    case .name(let index):
      overrides.names.isEmpty ? nil : overrides.names[Self.slot(of: index) % overrides.names.count]
    }
  }

  /// Nil for the terminal's own foreground.
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

  /// Maps any number to one of the colours for names.
  private static func slot(of index: Int) -> Int {
    let remainder = index % Style.nameColors
    return remainder < 0 ? remainder + Style.nameColors : remainder
  }
}

// MARK: Colour sets

extension Palette.Foregrounds {
  /// Checked also on backgrounds such as those of Nord, Dracula and Zenburn.
  fileprivate static let onDark = Self(
    faint: 249, own: 117, highlight: 220, alert: 210, good: 114,
    names: [226, 158, 214, 46, 143, 213, 45, 216, 155, 211, 49, 225])
  /// Checked also on backgrounds such as those of Solarized and Gruvbox.
  fileprivate static let onLight = Self(
    faint: 240, own: 25, highlight: 94, alert: 124, good: 22,
    names: [17, 160, 90, 58, 21, 24, 128, 96, 19, 125, 26, 52])
  /// On the black of the colour cube. Faint text, of which there is much, keeps the terminal's own colours.
  fileprivate static let onAny: Self = {
    var colors = onDark
    (colors.faint, colors.background) = (nil, 16)
    return colors
  }()
  fileprivate static let fewOnLight = Self(highlight: 5, alert: 1, names: [4, 1, 5], isPalerInBold: true)

  fileprivate func canBeRead(on background: RGB) -> Bool {
    ([faint, own, highlight, alert, good] + names).allSatisfy { number in
      guard let color = number.flatMap({ RGB(index: Int($0)) }) else { return true }
      return color.contrast(to: background) >= Palette.minimumContrast
    }
  }
}
