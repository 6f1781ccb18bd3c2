import ChatProtocol
import TerminalTypes

/// Esc followed by another key acts as Alt and that key, for terminals without Alt and terminals that use Alt
/// themselves.
struct EscapePrefix: Hashable, Sendable {
  private var pressedAt: Timestamp?

  /// In milliseconds: the longest pause between Esc and the key.
  private static let span: Int64 = 500

  mutating func begin(at now: Timestamp) { pressedAt = now }

  /// - Returns: the key with Alt if the key map binds it, otherwise the key itself.
  mutating func apply(to key: Key, at now: Timestamp, _ keyMap: KeyMap) -> Key {
    guard let pressedAt else { return key }
    self.pressedAt = nil
    // A slash begins a command: with Alt it would be lost, and the rest of the command be sent as text.
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
