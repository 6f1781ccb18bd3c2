import ChatProtocol

/// What one turn of the loop wants of the log.
struct WriteBatch: Sendable {
  var proposals: [ProposedChanges] = []
  var messages: [NewMessage] = []
  var erasures: [Erasure] = []

  var isEmpty: Bool { proposals.isEmpty && messages.isEmpty && erasures.isEmpty }

  mutating func clear() {
    proposals.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    erasures.removeAll(keepingCapacity: true)
  }
}
