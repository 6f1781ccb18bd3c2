import ChatProtocol

/// What one turn of the loop wants of the log.
struct LogErrand: Sendable {
  var changes: [RegistryChange] = []
  var messages: [NewMessage] = []
  var erasures: [Erasure] = []

  var isEmpty: Bool { changes.isEmpty && messages.isEmpty && erasures.isEmpty }

  mutating func clear() {
    changes.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    erasures.removeAll(keepingCapacity: true)
  }
}
