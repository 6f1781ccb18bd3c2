import TerminalTypes

@testable import ChatUI

extension Key {
  private static let symbols: [String: Symbol] = {
    var symbols: [String: Symbol] = ["Space": .character(" ")]
    let named: [Symbol] = [
      .enter, .tab, .backspace, .delete, .escape, .insert, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
    ]
    for symbol in named { symbols[symbol.description] = symbol }
    for number in 1...12 { symbols["F\(number)"] = .function(number) }
    return symbols
  }()

  /// Reads the form that `description` writes. A letter means its lower case.
  init?(named name: String) {
    var rest = name[...]
    var modifiers: Modifiers = []
    for (prefix, modifier) in [("Ctrl+", Modifiers.control), ("Alt+", .alt), ("Shift+", .shift)]
    where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
      modifiers.insert(modifier)
    }
    if let symbol = Self.symbols[String(rest)] {
      self.init(symbol, modifiers)
    } else if rest.count == 1 {
      self.init(.character(Character(rest.lowercased())), modifiers)
    } else {
      return nil
    }
  }
}
