import ChatLog
import ChatRecords

/// The log writes of one iteration of the event loop.
struct WriteBatch: Sendable {
  var proposals: [ProposedChange] = []
  var messages: [NewMessage] = []
  var redactions: [RedactionRequest] = []
  /// Entries for a shared feed.
  var presence = PresenceBacklog()

  var isEmpty: Bool { proposals.isEmpty && messages.isEmpty && redactions.isEmpty && presence.isEmpty }

  mutating func clear() {
    proposals.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    redactions.removeAll(keepingCapacity: true)
    presence.clear()
  }
}
