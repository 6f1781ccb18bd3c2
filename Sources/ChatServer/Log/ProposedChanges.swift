import ChatHub
import ChatProtocol

/// Changes of the registry that are stored together, or not at all.
struct ProposedChanges: Sendable {
  let id: ProposalID
  let changes: [RegistryChange]
}
