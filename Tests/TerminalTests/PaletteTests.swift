import TerminalTypes
import Testing

@testable import Terminal

@Suite
struct PaletteTests {
  private let purposes: [Style.Color] =
    [.standard, .faint, .own, .highlight, .alert, .good] + (-13..<25).map(Style.Color.name) + [
      .name(.min), .name(.max),
    ]

  static let backgrounds: [(name: String, color: RGB?)] = [
    ("unknown", nil), ("black", .black), ("white", .white), ("Nord", RGB(0x2e, 0x34, 0x40)),
    ("Dracula", RGB(0x28, 0x2a, 0x36)), ("Zenburn", RGB(0x3f, 0x3f, 0x3f)), ("Solarized dark", RGB(0x00, 0x2b, 0x36)),
    ("Solarized light", RGB(0xfd, 0xf6, 0xe3)), ("Gruvbox light", RGB(0xfb, 0xf1, 0xc7)),
    ("grey", RGB(0x77, 0x77, 0x77)),
  ]

  /// The first sixteen colours of xterm and of the Linux console, whose brown is the darkest.
  private static let shades: [[RGB]] = [
    [
      RGB(0, 0, 0), RGB(0xcd, 0, 0), RGB(0, 0xcd, 0), RGB(0xcd, 0xcd, 0), RGB(0, 0, 0xee), RGB(0xcd, 0, 0xcd),
      RGB(0, 0xcd, 0xcd), RGB(0xe5, 0xe5, 0xe5),
    ],
    [
      RGB(0, 0, 0), RGB(0xaa, 0, 0), RGB(0, 0xaa, 0), RGB(0xaa, 0x55, 0), RGB(0, 0, 0xaa), RGB(0xaa, 0, 0xaa),
      RGB(0, 0xaa, 0xaa), RGB(0xaa, 0xaa, 0xaa),
    ],
  ]

  /// The eight colours of themes, with their backgrounds.
  private static let themes: [(background: RGB, shades: [RGB])] = [
    (.black, shades[0]), (.black, shades[1]), (.white, shades[0]), (.white, shades[1]),
    (
      RGB(0x2e, 0x34, 0x40),
      [
        RGB(0x3b, 0x42, 0x52), RGB(0xbf, 0x61, 0x6a), RGB(0xa3, 0xbe, 0x8c), RGB(0xeb, 0xcb, 0x8b),
        RGB(0x81, 0xa1, 0xc1),
        RGB(0xb4, 0x8e, 0xad), RGB(0x88, 0xc0, 0xd0), RGB(0xe5, 0xe9, 0xf0),
      ]
    ),
    (
      RGB(0x28, 0x2a, 0x36),
      [
        RGB(0x21, 0x22, 0x2c), RGB(0xff, 0x55, 0x55), RGB(0x50, 0xfa, 0x7b), RGB(0xf1, 0xfa, 0x8c),
        RGB(0xbd, 0x93, 0xf9),
        RGB(0xff, 0x79, 0xc6), RGB(0x8b, 0xe9, 0xfd), RGB(0xf8, 0xf8, 0xf2),
      ]
    ),
  ]

  @Test(arguments: backgrounds)
  func `colours of 256 have a contrast of 4.5 to the background`(name: String, background: RGB?) throws {
    // An unknown background may be any.
    let possible = background.map { [$0] } ?? Self.backgrounds.compactMap(\.color)
    let pairs = Palette(colors: 256, background: background).pairs
    for pair in pairs {
      // Themes do not change these colours.
      let color = try #require(RGB(index: Int(pair.foreground)))
      let own = try pair.background.map { try #require(RGB(index: Int($0))) }
      for background in own.map({ [$0] }) ?? possible {
        #expect(color.contrast(to: background) >= 4.5, "\(pair) on \(name)")
      }
    }
    // Names and warnings have a colour wherever possible.
    #expect(name == "grey" || Set(pairs.map(\.number)).isSuperset(of: [3, 4] + (6..<(6 + Int16(Style.nameColors)))))
  }

  @Test(arguments: [8, 16, 88])
  func `colours of 8 and of 16 have a contrast of 4.5 to the theme's background`(colors: Int) throws {
    for theme in Self.themes {
      for pair in Palette(colors: colors, background: theme.background).pairs {
        try #require(theme.shades.indices.contains(Int(pair.foreground)))
        #expect(theme.shades[Int(pair.foreground)].contrast(to: theme.background) >= 4.5, "\(pair) \(theme.background)")
      }
    }
    // Terminals that also use the brighter shade for bold text.
    let bright = [
      RGB(0x7f, 0x7f, 0x7f), RGB(0xff, 0, 0), RGB(0, 0xff, 0), RGB(0xff, 0xff, 0), RGB(0x5c, 0x5c, 0xff),
      RGB(0xff, 0, 0xff), RGB(0, 0xff, 0xff), RGB(0xff, 0xff, 0xff),
    ]
    for background in [RGB.black, .white] {
      let palette = Palette(colors: colors, background: background)
      let foregrounds = Dictionary(uniqueKeysWithValues: palette.pairs.map { ($0.number, $0.foreground) })
      for purpose in purposes {
        for style in [Style(purpose), Style(purpose, .bold)] {
          let look = palette.look(of: style)
          guard let number = foregrounds[look.pair], look.attributes.contains(.bold) else { continue }
          #expect(bright[Int(number)].contrast(to: background) >= 4.5, "\(style) on \(background)")
        }
      }
    }
    // Only the terminal's own foreground is certain to be readable.
    #expect(Palette(colors: colors).pairs.isEmpty)
  }

  @Test(arguments: backgrounds)
  func `colours that the user chose are used as they are`(name: String, background: RGB?) {
    var overrides = ColorOverrides()
    overrides.own = .index(200)
    overrides.good = .standard
    overrides.names = [.index(17), .index(9), .standard]
    func pairs(_ colors: Int) -> [Int16: Palette.ColorPair] {
      let palette = Palette(colors: colors, background: background, overrides: overrides)
      return Dictionary(uniqueKeysWithValues: palette.pairs.map { ($0.number, $0) })
    }
    let many = pairs(256)
    #expect(many[2] == .init(number: 2, foreground: 200, background: nil))
    #expect(many[5] == nil)
    #expect((6..<18).map { many[$0]?.foreground } == (0..<4).flatMap { _ in [17, 9, nil] as [Int16?] })
    let standard = Palette(colors: 256, background: background).pairs
    #expect(many[3] == standard.first { $0.number == 3 }, "the others stay")
    // Colours that the terminal does not have.
    #expect(pairs(16)[7]?.foreground == 9)
    #expect(pairs(8)[2] == Palette(colors: 8, background: background).pairs.first { $0.number == 2 })
    #expect(pairs(0).isEmpty)
    let palette = Palette(colors: 256, background: background, overrides: overrides)
    let known = Set(palette.pairs.map(\.number) + [0])
    for purpose in purposes { #expect(known.contains(palette.look(of: Style(purpose)).pair)) }
  }

  @Test
  func `a colour in sRGB is replaced by the closest one, and contrasts are those of the theme`() {
    #expect(TerminalColor.closest(red: 255, green: 255, blue: 255) == .index(231))
    #expect(TerminalColor.closest(red: 0, green: 0, blue: 0) == .index(16))
    #expect(TerminalColor.closest(red: 0x87, green: 0xd7, blue: 0xfe) == .index(117))
    #expect(TerminalColor.closest(red: 9, green: 8, blue: 7) == .index(232))
    #expect(TerminalColor.index(231).contrast(on: .dark).map { $0 > 20.9 } == true)
    #expect(TerminalColor.index(231).contrast(on: .light) == 1)
    #expect(TerminalColor.index(231).contrast(on: .auto) == nil)
    #expect(TerminalColor.index(7).contrast(on: .dark) == nil, "its shade depends on the terminal")
    #expect(TerminalColor.standard.contrast(on: .dark) == nil)
  }

  @Test(arguments: [0, 8, 16, 256])
  func `colours are never dimmed`(colors: Int) {
    for background in Self.backgrounds {
      let palette = Palette(colors: colors, background: background.color)
      for purpose in purposes {
        #expect(palette.look(of: Style(purpose)).attributes.subtracting([.bold, .underlined, .reversed]).isEmpty)
      }
    }
  }

  @Test(arguments: backgrounds)
  func `colours of names differ visibly from their neighbours and from all others`(name: String, background: RGB?)
    throws
  {
    let palette = Palette(colors: 256, background: background)
    let names = try palette.pairs.filter { $0.number >= 6 }.map { try #require(RGB(index: Int($0.foreground))) }
    guard name != "grey" else { return #expect(names.isEmpty) }
    #expect(names.count == Style.nameColors)
    for (index, color) in names.enumerated() {
      let next = names[(index + 1) % names.count]
      #expect(Lab(color).distance(to: Lab(next)) >= 50, "\(index) on \(name)")
      for other in Set(names) where other != color { #expect(Lab(color).distance(to: Lab(other)) >= 20) }
    }
    #expect(Set(names).count == Style.nameColors)
  }

  @Test
  func `colours of names differ from their neighbours even with few colours`() {
    for background in [RGB.black, .white] {
      let palette = Palette(colors: 8, background: background)
      let names = palette.pairs.filter { $0.number >= 6 }.map(\.foreground)
      for (index, color) in names.enumerated() { #expect(color != names[(index + 1) % names.count]) }
    }
  }

  @Test(arguments: [0, 8, 16, 88, 256, 1 << 24])
  func `colours have a pair each, below 256`(colors: Int) {
    for background in Self.backgrounds {
      let palette = Palette(colors: colors, background: background.color)
      let known = Set(palette.pairs.map(\.number) + [0])
      #expect(known.allSatisfy { (0..<256).contains($0) })
      for purpose in purposes { #expect(known.contains(palette.look(of: Style(purpose)).pair)) }
    }
  }

  @Test
  func `colours are replaced by attributes on a monochrome terminal`() {
    let palette = Palette(colors: 0)
    #expect(palette.pairs.isEmpty)
    #expect(palette.look(of: .dim) == .init(pair: 0, attributes: []))
    #expect(palette.look(of: Style(.alert)) == .init(pair: 0, attributes: .bold))
    #expect(palette.look(of: Style(.name(3), .underlined)) == .init(pair: 0, attributes: .underlined))
  }

  @Test
  func `colours of a terminal without an answer follow the background in its environment`() {
    #expect(Background.presumed(type: "linux", hint: nil) == .black)
    #expect(Background.presumed(type: "xterm", hint: nil) == nil)
    #expect(Background.presumed(type: "rxvt", hint: "0;15") == .white)
    #expect(Background.presumed(type: "rxvt", hint: "15;default;0").map { $0.luminance < 0.1 } == true)
    #expect(Background.presumed(type: "rxvt", hint: "15;default") == nil)
    #expect(Background.presumed(type: "rxvt", hint: "") == nil)
  }
}

/// A colour in CIE 1976 L*a*b*, in which distances match visible differences.
private struct Lab {
  let lightness: Double
  let a: Double
  let b: Double

  init(_ color: RGB) {
    func linear(_ part: KeyPath<RGB, UInt8>) -> Double {
      RGB(color[keyPath: part], color[keyPath: part], color[keyPath: part]).luminance
    }
    let (red, green, blue) = (linear(\.red), linear(\.green), linear(\.blue))
    let x = Self.root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    let y = Self.root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    let z = Self.root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    (lightness, a, b) = (116 * y - 16, 500 * (x - y), 200 * (y - z))
  }

  func distance(to other: Lab) -> Double {
    let (l, a, b) = (lightness - other.lightness, a - other.a, b - other.b)
    return (l * l + a * a + b * b).squareRoot()
  }

  /// The cube root by Newton's method, except near zero, where the function is linear.
  private static func root(_ x: Double) -> Double {
    guard x > 0.008856 else { return 7.787 * x + 16.0 / 116 }
    var root = 1.0
    for _ in 0..<60 { root -= (root * root * root - x) / (3 * root * root) }
    return root
  }
}
