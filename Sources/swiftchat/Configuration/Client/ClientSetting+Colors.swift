import Terminal
import TerminalTypes

// The colours of the client.

extension ClientSetting {
  static let colors: [AnySetting<Self>] = colorRows.map { AnySetting($0) } + [AnySetting(nameColors)]

  static let colorsDescription = """
    Colours in place of those that `theme` chooses: a number from 0 to 255 of xterm's colours, "#rrggbb" for the closest \
    of them, or "default" for the terminal's own. Those from 16 on are the same in every terminal. `swiftchat config \
    check` warns of a colour whose contrast to the background is below 4.5.
    """

  static let faintColor = Row("colors.faint", .color, example: .index(249), "Times, notices and hints.")
  static let ownColor = Row("colors.own", .color, example: .index(117), "Your own name.")
  static let highlightColor = Row(
    "colors.highlight", .color, example: .index(220), "Messages that name you, and tabs that want attention.")
  static let alertColor = Row("colors.alert", .color, example: .index(210), "Errors.")
  static let goodColor = Row("colors.good", .color, example: .index(114), "People who are here, and code.")

  private static let colorRows = [faintColor, ownColor, highlightColor, alertColor, goodColor]

  static let nameColors = Row(
    "colors.names", .colors, example: [.index(226), .index(158), .index(214)],
    "1 to 12 colours for the names of the others, each of whom always has the same.")

  /// Warnings about colours that are hard to read, each with the line of the file if it is there.
  static func colorWarnings(in settings: ClientConfiguration) -> [(line: Int?, text: String)] {
    let themes: [Theme] = settings.theme == .auto ? [.dark, .light] : [settings.theme]
    func warnings(_ color: TerminalColor, _ name: String, _ line: Int?) -> [(line: Int?, text: String)] {
      themes.compactMap { theme in
        guard let contrast = color.contrast(on: theme), contrast < TerminalColor.readableContrast else { return nil }
        let rounded = "\(Int(contrast * 10) / 10).\(Int(contrast * 10) % 10)"
        let value = ConfigurationForm<TerminalColor>.color.write(color)
        return (
          line,
          "\(name) is \(value), whose contrast to a \(theme.rawValue) background is \(rounded): below 4.5 it is hard to read"
        )
      }
    }
    let single = colorRows.flatMap { row in
      settings[row].map { warnings($0, row.name, settings.origin(of: row)?.line) } ?? []
    }
    let line = settings.origin(of: nameColors)?.line
    return single + (settings[nameColors] ?? []).flatMap { warnings($0, nameColors.name, line) }
  }
}

extension Configuration<ClientSetting> {
  var colors: ColorOverrides {
    var colors = ColorOverrides()
    colors.faint = self[ClientSetting.faintColor]
    colors.own = self[ClientSetting.ownColor]
    colors.highlight = self[ClientSetting.highlightColor]
    colors.alert = self[ClientSetting.alertColor]
    colors.good = self[ClientSetting.goodColor]
    colors.names = self[ClientSetting.nameColors] ?? []
    return colors
  }
}

extension ConfigurationForm where Value == TerminalColor {
  static let color = ConfigurationForm(
    allowed: "a number from 0 to 255, \"#rrggbb\" or \"default\"",
    write: { color in
      switch color {
      case .standard: TOMLText.string("default")
      case .index(let index): "\(index)"
      }
    }, read: { TerminalColor($0) })
}

extension ConfigurationForm where Value == [TerminalColor] {
  static let colors = ConfigurationForm(
    allowed: "a list of 1 to 12 colours, each a number from 0 to 255, \"#rrggbb\" or \"default\"",
    write: { "[\($0.map(ConfigurationForm<TerminalColor>.color.write).joined(separator: ", "))]" },
    read: { value in
      let values: [ConfigurationValue]
      switch value {
      case .list(let list): values = list
      case .text(let text): values = text.split(separator: ",").map { .text(String($0.filter { $0 != " " })) }
      default: return nil
      }
      let colors = values.compactMap { TerminalColor($0) }
      return colors.count == values.count && (1...Style.nameColors).contains(colors.count) ? colors : nil
    })
}

extension TerminalColor {
  /// Nil if the value is not a colour.
  fileprivate init?(_ value: ConfigurationValue) {
    switch value {
    case .integer(let number): self.init(number: number)
    case .text(let text), .string(let text):
      if text == "default" {
        self = .standard
      } else if let color = Self.closest(to: text) {
        self = color
      } else if case .text = value, let number = Int(text) {
        self.init(number: number)
      } else {
        return nil
      }
    case .real, .boolean, .list: return nil
    }
  }

  private init?(number: Int) {
    guard let index = UInt8(exactly: number) else { return nil }
    self = .index(index)
  }

  /// Reads `#rrggbb`.
  private static func closest(to text: String) -> TerminalColor? {
    let digits = text.dropFirst()
    guard text.first == "#", digits.utf8.count == 6, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
      let number = Int(digits, radix: 16)
    else { return nil }
    return closest(
      red: UInt8(number >> 16), green: UInt8(number >> 8 & 0xff), blue: UInt8(number & 0xff))
  }
}
