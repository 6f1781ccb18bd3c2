import ChatUI
import Testing

@testable import Terminal

@Suite("Colours")
struct PaletteTests {
  private let purposes: [Style.Color] =
    [.standard, .faint, .own, .highlight, .alert, .good] + (-13..<25).map(Style.Color.name) + [
      .name(.min), .name(.max),
    ]

  @Test("of 256 can be read on black and on white")
  func contrast() {
    let foregrounds = Palette(colors: 256).pairs.map(\.foreground)
    #expect(Set(foregrounds.suffix(Style.nameColors)).count == Style.nameColors)
    for foreground in foregrounds {
      let luminance = luminance(Int(foreground))
      #expect((luminance + 0.05) / 0.05 >= 3.4, "\(foreground) on black")
      #expect(1.05 / (luminance + 0.05) >= 3.4, "\(foreground) on white")
    }
  }

  @Test("of eight are never blue, yellow, black or white")
  func few() {
    #expect(Set(Palette(colors: 8).pairs.map(\.foreground)).isDisjoint(with: [0, 3, 4, 7]))
  }

  @Test("have a pair each, below 256", arguments: [0, 8, 16, 88, 256, 1 << 24])
  func pairs(colors: Int) {
    let palette = Palette(colors: colors)
    let known = Set(palette.pairs.map(\.pair) + [0])
    #expect(known.allSatisfy { (0..<256).contains($0) })
    for purpose in purposes { #expect(known.contains(palette.look(of: Style(purpose)).pair)) }
  }

  @Test("are attributes where there are none")
  func none() {
    let palette = Palette(colors: 0)
    #expect(palette.pairs.isEmpty)
    #expect(palette.look(of: .dim) == .init(pair: 0, attributes: .dim))
    #expect(palette.look(of: Style(.alert)) == .init(pair: 0, attributes: .bold))
    #expect(palette.look(of: Style(.name(3), .underlined)) == .init(pair: 0, attributes: .underlined))
  }

  /// Of a colour of xterm's 256 (WCAG 2.1, relative luminance).
  private func luminance(_ number: Int) -> Double {
    func channel(_ value: Int) -> Double {
      let part = Double(value) / 255
      return part <= 0.04045 ? part / 12.92 : power((part + 0.055) / 1.055)
    }
    if number >= 232 { return channel(8 + (number - 232) * 10) }
    let levels = [0, 95, 135, 175, 215, 255]
    let cube = number - 16
    return 0.2126 * channel(levels[cube / 36]) + 0.7152 * channel(levels[cube / 6 % 6]) + 0.0722
      * channel(levels[cube % 6])
  }

  /// x to the power of 12/5, by Newton's method for the fifth root.
  private func power(_ x: Double) -> Double {
    var root = 1.0
    for _ in 0..<60 { root -= (root * root * root * root * root - x) / (5 * root * root * root * root) }
    let square = root * root
    return square * square * square * square * square * square
  }
}
