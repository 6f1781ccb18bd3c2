import ChatProtocol
import ChatRecords

/// The feed of a log that only one hub writes: everything the log stores is an entry at once, in the order of storing.
/// The events of each write are the answer to the hub's request, and the entry. Presence, which is not stored, is an
/// entry without the log.
public enum LocalFeed {
  /// Applies an event to the only hub of a log, and then the entries that its actions bring at once.
  /// - Parameter actions: the resulting actions are appended, in order, without those that the log need not store.
  public static func apply(
    _ event: HubEvent, to hub: inout Hub, at now: MonotonicTime, into actions: inout [HubAction]
  ) {
    // Sessions that time out together are told of each other: one departs before the next one is ended.
    if case .tick = event {
      for id in hub.idleSessions(at: now) { applyOne(.expired(id), to: &hub, at: now, into: &actions) }
    }
    applyOne(event, to: &hub, at: now, into: &actions)
  }

  private static func applyOne(
    _ event: HubEvent, to hub: inout Hub, at now: MonotonicTime, into actions: inout [HubAction]
  ) {
    let start = actions.count
    hub.apply(event, at: now, into: &actions)
    var index = start
    var bringsEntries = false
    while index < actions.count {
      // Messages are the most frequent actions: this check neither copies them nor makes an entry.
      switch actions[index] {
      case .keep, .depart, .propose:
        if let entry = actions[index].entry {
          bringsEntries = true
          hub.apply(.entry(entry), at: now, into: &actions)
        }
      default: break
      }
      index += 1
    }
    guard bringsEntries else { return }
    let kept = actions[start...].filter { !$0.isPresence }
    actions.replaceSubrange(start..., with: kept)
  }

  /// A message was stored, or was not.
  public static func report(
    _ outcome: Result<StoreOutcome, HubEvent.StorageFailure>, to apply: (HubEvent) -> Void
  ) {
    apply(.stored(outcome))
    if case .success(.stored(let message)) = outcome { apply(.entry(.message(message))) }
  }

  /// Proposed changes were stored, or were not.
  /// - Parameter failure: nil if all of them were stored; otherwise none was.
  public static func report(
    _ entry: SharedChange, _ failure: HubEvent.StorageFailure?, to apply: (HubEvent) -> Void
  ) {
    if let failure {
      apply(.rejected(entry.proposal, .failure(failure)))
    } else {
      apply(.entry(.change(entry)))
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

extension HubAction {
  /// The entry that the action brings at once, whatever the log does.
  fileprivate var entry: FeedEntry? {
    switch self {
    case .keep(let mark, let login): .mark(mark, login: login)
    case .depart(let departure): .departure(departure)
    case .propose(let change, _): change.mustBeStored ? nil : .change(change)
    default: nil
    }
  }

  /// Whether the action only asks for an entry.
  fileprivate var isPresence: Bool {
    switch self {
    case .depart: true
    case .propose(let change, _): !change.mustBeStored
    default: false
    }
  }
}
