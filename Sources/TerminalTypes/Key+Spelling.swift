// Keys as they are written in settings.

extension Key {
  /// The form for settings, in ASCII as far as the key is: `Ctrl+N`, `Alt+Left`, `PgUp`.
  public var spelling: String {
    var text = ""
    if modifiers.contains(.control) { text += "Ctrl+" }
    if modifiers.contains(.alt) { text += "Alt+" }
    if modifiers.contains(.shift) { text += "Shift+" }
    return text + (Self.names.first { $0.symbol == symbol }?.name ?? symbol.description)
  }

  /// The reason why a text is not a key that can be bound.
  public struct SpellingError: Error, Equatable, Sendable {
    /// The part of a sentence after the text.
    public let reason: String
  }

  /// Reads `Ctrl+N`, `Alt+Left`, `PgUp`; in any letter case, also with `C-` and `M-` as in Emacs.
  /// - Throws: `SpellingError` if there is no such key, or if terminals do not send it as a key of its own.
  public init(spelling text: String) throws(SpellingError) {
    var rest = text[...]
    var modifiers: Modifiers = []
    while let (modifier, count) = Self.prefix(of: rest) {
      guard modifiers.insert(modifier).inserted else { throw SpellingError(reason: "names a modifier twice") }
      rest = rest.dropFirst(count)
    }
    guard let symbol = Self.symbol(named: rest) else {
      throw SpellingError(reason: "is not a key: write it as Ctrl+N, Alt+Left, PgUp or F5")
    }
    self.init(symbol, modifiers)
    if self == .control("@") { self = .control(" ") }
    if let reason = objection { throw SpellingError(reason: reason) }
  }

  private static func prefix(of text: Substring) -> (Modifiers, Int)? {
    let words: [(String, Modifiers)] = [
      ("ctrl", .control), ("control", .control), ("c", .control), ("alt", .alt), ("meta", .alt), ("m", .alt),
      ("shift", .shift), ("s", .shift),
    ]
    for (word, modifier) in words where text.prefix(word.count).lowercased() == word {
      let sign = text.dropFirst(word.count).first
      // The key follows the sign, and may be the same sign.
      if sign == "+" || sign == "-", text.count > word.count + 1 { return (modifier, word.count + 1) }
    }
    return nil
  }

  private static let names: [(name: String, symbol: Symbol)] = [
    ("Space", .character(" ")), ("Enter", .enter), ("Tab", .tab), ("Backspace", .backspace), ("Del", .delete),
    ("Esc", .escape), ("Ins", .insert), ("Up", .up), ("Down", .down), ("Left", .left), ("Right", .right),
    ("Home", .home), ("End", .end), ("PgUp", .pageUp), ("PgDn", .pageDown),
  ]

  private static let otherNames: [String: Symbol] = [
    "return": .enter, "delete": .delete, "escape": .escape, "insert": .insert, "pageup": .pageUp,
    "pagedown": .pageDown, "↑": .up, "↓": .down, "←": .left, "→": .right,
  ]

  private static func symbol(named text: Substring) -> Symbol? {
    let name = text.lowercased()
    if let known = names.first(where: { $0.name.lowercased() == name })?.symbol ?? otherNames[name] { return known }
    if name.first == "f", let number = Int(name.dropFirst()), (1...20).contains(number) { return .function(number) }
    guard name.count == 1, let character = name.first, !character.isWhitespace,
      character.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { return nil }
    return .character(character)
  }

  /// The reason why the key cannot be bound; nil if it can.
  private var objection: String? {
    switch symbol {
    case .character(let character): objection(to: character)
    case .enter where !modifiers.isDisjoint(with: [.control, .shift]): "most terminals send Enter for it"
    case .tab where modifiers.contains(.control): "terminals send Tab for it, or use it themselves"
    case .escape where !modifiers.isEmpty: "terminals send Esc for it"
    case .backspace where modifiers == .shift: "terminals send Backspace for it"
    default: nil
    }
  }

  private func objection(to character: Character) -> String? {
    guard !modifiers.isDisjoint(with: [.control, .alt]) else { return "is a character that is typed: add Ctrl or Alt" }
    guard !modifiers.contains(.shift) else { return "terminals send the same without Shift: write it without" }
    guard modifiers.contains(.control) else { return nil }
    switch character {
    case "i": return "terminals send Tab for it"
    case "m": return "terminals send Enter for it"
    case "h", "?": return "terminals send Backspace for it"
    case "[": return "terminals send Esc for it"
    case "/", "-": return "terminals send Ctrl+_ for it"
    case "a"..."z", " ", "\\", "]", "^", "_": return nil
    default: return "terminals send nothing of its own for it"
    }
  }
}
