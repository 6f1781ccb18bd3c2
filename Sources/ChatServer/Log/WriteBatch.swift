import ChatProtocol
import ChatRecords

/// The log writes of one turn of the event loop.
struct WriteBatch: Sendable {
  var proposals: [RegistryEntry] = []
  var messages: [NewMessage] = []
  var erasures: [Erasure] = []

  var isEmpty: Bool { proposals.isEmpty && messages.isEmpty && erasures.isEmpty }

  mutating func clear() {
    proposals.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    erasures.removeAll(keepingCapacity: true)
  }
}
