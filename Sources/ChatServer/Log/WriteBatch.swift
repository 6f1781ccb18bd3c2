import ChatProtocol
import ChatRecords

/// The log writes of one iteration of the event loop.
struct WriteBatch: Sendable {
  var proposals: [SharedChange] = []
  var messages: [NewMessage] = []
  var redactions: [RedactionRequest] = []

  var isEmpty: Bool { proposals.isEmpty && messages.isEmpty && redactions.isEmpty }

  mutating func clear() {
    proposals.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    redactions.removeAll(keepingCapacity: true)
  }
}
