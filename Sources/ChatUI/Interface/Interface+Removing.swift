import ChatModel
import ChatProtocol
import TerminalTypes

// Removal of messages.

extension Interface {
  /// Applies the removal of a message by its author or an operator.
  mutating func remove(_ sequence: Int, from target: Target, by name: Nickname) {
    guard let sequence = sequence.asSequence else { return }
    if let index = tabs.index(of: target) { tabs[index].remove(sequence, by: name) }
  }
}
