import ChatProtocol

/// Esc and, right behind it, another key: the same as Alt and that key, for terminals that have no Alt or keep it for
/// themselves.
struct EscapePrefix: Hashable, Sendable {
  private var pressedAt: Timestamp?

  /// In milliseconds: as long as two keys that belong together take.
  private static let span: Int64 = 500

  mutating func begin(at now: Timestamp) { pressedAt = now }

  /// - Returns: the key that is meant; with Alt only where that is one that does something.
  mutating func apply(to key: Key, at now: Timestamp, _ keyMap: KeyMap) -> Key {
    guard let pressedAt else { return key }
    self.pressedAt = nil
    // A slash begins a command: without it, the rest would be sent as text.
    guard key != .character("/") else { return key }
    guard (0..<Self.span).contains(now.milliseconds &- pressedAt.milliseconds), key.modifiers.isEmpty else {
      return key
    }
    var meant = key
    meant.modifiers.insert(.alt)
    if case .character(let character) = key.symbol, let lower = character.lowercased().first, character.isLetter {
      meant.symbol = .character(lower)
    }
    return keyMap.action(for: meant) == nil ? key : meant
  }
}
