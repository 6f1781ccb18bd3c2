import ChatHub
import ChatProtocol
import ChatRecords

/// Changes of the registry that are stored atomically.
struct ProposedChanges: Sendable {
  let id: ProposalID
  let changes: [RegistryChange]
}
