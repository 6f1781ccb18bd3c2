import ChatProtocol
import ChatRecords

/// The feed of a log that only one hub writes: everything the log stores is an entry at once, in the order of storing.
/// The events of each write are the answer to the hub's request, and the entry.
public enum LocalFeed {
  /// A message was stored, or was not.
  public static func report(
    _ outcome: Result<StoreOutcome, HubEvent.StorageFailure>, to apply: (HubEvent) -> Void
  ) {
    apply(.stored(outcome))
    if case .success(.stored(let message)) = outcome { apply(.entry(.message(message))) }
  }

  /// Proposed changes were stored.
  /// - Parameter failure: nil if all of them were stored; otherwise none was.
  public static func report(
    _ entry: RegistryEntry, _ failure: HubEvent.StorageFailure?, to apply: (HubEvent) -> Void
  ) {
    if let failure {
      apply(.rejected(entry.proposal, .failure(failure)))
    } else {
      apply(.entry(.registry(entry)))
    }
  }

  /// A message was removed.
  /// - Parameter outcome: the message before the removal; nil if there is none to remove.
  public static func report(
    _ id: EraseID, _ redaction: Redaction, _ outcome: Result<StoredMessage?, HubEvent.StorageFailure>,
    to apply: (HubEvent) -> Void
  ) {
    apply(.erased(id, outcome))
    if case .success(let message?) = outcome, message.kind != .removed { apply(.entry(.redaction(redaction))) }
  }
}
