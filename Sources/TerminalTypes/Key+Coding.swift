// Keys and sizes in recordings.

extension Key: Codable {
  private enum CodingKeys: String, CodingKey { case character, function, special, modifiers }

  private static let specials: [(name: String, symbol: Symbol)] = [
    ("enter", .enter), ("tab", .tab), ("backspace", .backspace), ("delete", .delete), ("escape", .escape),
    ("insert", .insert), ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home),
    ("end", .end), ("pageUp", .pageUp), ("pageDown", .pageDown),
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    modifiers = Modifiers(rawValue: try container.decodeIfPresent(UInt8.self, forKey: .modifiers) ?? 0)
    if let number = try container.decodeIfPresent(Int.self, forKey: .function) {
      symbol = .function(number)
    } else if let text = try container.decodeIfPresent(String.self, forKey: .character) {
      guard let character = text.first, text.count == 1 else {
        throw DecodingError.dataCorruptedError(
          forKey: CodingKeys.character, in: container, debugDescription: "more or less than one character")
      }
      symbol = .character(character)
    } else {
      let name = try container.decode(String.self, forKey: .special)
      guard let special = Self.specials.first(where: { $0.name == name }) else {
        throw DecodingError.dataCorruptedError(
          forKey: CodingKeys.special, in: container, debugDescription: "an unknown key")
      }
      symbol = special.symbol
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch symbol {
    case .character(let character): try container.encode(String(character), forKey: .character)
    case .function(let number): try container.encode(number, forKey: .function)
    default: try container.encode(Self.specials.first { $0.symbol == symbol }?.name, forKey: .special)
    }
    if !modifiers.isEmpty { try container.encode(modifiers.rawValue, forKey: .modifiers) }
  }
}

extension Screen.Size: Codable {
  private enum CodingKeys: String, CodingKey { case rows, columns }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      rows: try container.decode(Int.self, forKey: .rows), columns: try container.decode(Int.self, forKey: .columns))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows, forKey: .rows)
    try container.encode(columns, forKey: .columns)
  }
}
