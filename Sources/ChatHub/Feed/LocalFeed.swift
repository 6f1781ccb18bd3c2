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

  /// A message was redacted.
  /// - Parameter outcome: the message before the redaction; nil if there is none to redact.
  public static func report(
    _ id: RedactionID, _ redaction: Redaction, _ outcome: Result<StoredMessage?, HubEvent.StorageFailure>,
    to apply: (HubEvent) -> Void
  ) {
    apply(.redacted(id, outcome))
    if case .success(let message?) = outcome, message.kind != .redacted { apply(.entry(.redaction(redaction))) }
  }
}
