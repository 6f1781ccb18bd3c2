import ChatModel
import ChatProtocol
import TerminalTypes

// Redaction of messages.

extension Interface {
  /// Applies the redaction of a message by its author or an operator.
  mutating func redact(_ sequence: Int, from target: Target, by name: Nickname) {
    guard let sequence = sequence.asSequence else { return }
    if let index = tabs.index(of: target) { tabs[index].redact(sequence, by: name) }
  }
}
