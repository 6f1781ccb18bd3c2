import ChatUI

/// Which of the terminal's colours stands for which purpose.
///
/// Nobody can ask a terminal for its background, so with 256 colours (whose upper 240 no theme changes) each has a
/// contrast of at least 3.4 to black and to white. With eight, whose shades are the theme's, only those are used that
/// no usual theme makes unreadable: neither blue, which vanishes on black, nor yellow, which vanishes on white.
struct Palette: Sendable {
  private let depth: Depth

  private enum Depth { case none, eight, many }

  /// - Parameter colors: how many the terminal has.
  init(colors: Int) {
    depth = colors >= 256 ? .many : colors >= 8 ? .eight : .none
  }

  /// A curses pair and what to add to the attributes. Pair 0 is the terminal's own foreground.
  struct Look: Hashable, Sendable {
    var pair: Int16
    var attributes: Style.Attributes
  }

  func look(of style: Style) -> Look {
    let pair = Self.pair(of: style.color)
    let isColored = foreground(of: style.color) != nil
    var attributes = style.attributes
    switch style.color {
    case .faint where depth != .many: attributes.insert(.dim)
    case .highlight, .alert: if depth != .many { attributes.insert(.bold) }
    case .own where depth != .many: attributes.insert(.bold)
    default: break
    }
    return Look(pair: isColored ? pair : 0, attributes: attributes)
  }

  /// All pairs that `look` may name, with their foregrounds.
  var pairs: [(pair: Int16, foreground: Int16)] {
    let purposes: [Style.Color] = [.faint, .own, .highlight, .alert, .good]
    return (purposes + (0..<Style.nameColors).map(Style.Color.name)).compactMap { color in
      foreground(of: color).map { (Self.pair(of: color), $0) }
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
    switch (depth, color) {
    case (.none, _), (_, .standard): nil
    case (.many, .faint): 243
    case (.many, .own): 32
    case (.many, .highlight): 166
    case (.many, .alert): 160
    case (.many, .good): 28
    case (.many, .name(let index)): Self.names[Self.slot(of: index)]
    case (.eight, .faint), (.eight, .own): nil
    case (.eight, .highlight): 5
    case (.eight, .alert): 1
    case (.eight, .good): 2
    case (.eight, .name(let index)): Self.fewNames[Self.slot(of: index) % Self.fewNames.count]
    }
  }

  /// Around the wheel, in an order in which neighbours differ.
  private static let names: [Int16] = [30, 130, 99, 64, 163, 67, 131, 29, 134, 100, 62, 168]
  private static let fewNames: [Int16] = [6, 5, 2]

  /// Any number becomes one of the colours for names.
  private static func slot(of index: Int) -> Int {
    let remainder = index % Style.nameColors
    return remainder < 0 ? remainder + Style.nameColors : remainder
  }
}
