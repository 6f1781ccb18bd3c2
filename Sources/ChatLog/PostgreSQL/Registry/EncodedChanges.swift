import ChatProtocol
import ChatRecords

/// Changes of the registry, and their acts in the form in which the database keeps them. Acts depend on nothing else,
/// and are stored together.
struct EncodedChanges {
  let all: [RegistryChange]
  let acts: EncodedActs

  init(_ changes: [RegistryChange]) {
    all = changes
    acts = EncodedActs(changes.compactMap { change -> Act? in if case .act(let act) = change { act } else { nil } })
  }
}
