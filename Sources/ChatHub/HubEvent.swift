import ChatProtocol
import ChatRecords

/// An input of the hub. Large and rare values are indirect: every line is copied as an event of this size.
public enum HubEvent: Sendable {
  /// A connection, and the features that the client understands without negotiating them: never `keys`, which need a
  /// challenge.
  case opened(SessionID, Peer = .host, Capabilities = [])
  /// All traffic of the connection is encrypted, from its beginning. Comes before the first line, or not at all.
  case secured(SessionID)
  case received(SessionID, Request)
  /// The client has closed its sending direction, and may still receive.
  case finished(SessionID)
  /// The connection is closed or broken.
  case closed(SessionID, LeaveReason)
  /// The session's send queue is full.
  case stalled(SessionID)
  /// The session reads too slowly: from here on it gets answers only, and no published lines. Everything published
  /// before was handed over for it.
  case lagging(SessionID)
  /// The session has read its queued output, and gets published lines again.
  case caughtUp(SessionID)
  /// The next entry of the feed. Only entries are published and applied.
  case entry(FeedEntry)
  /// The outcome of the oldest `HubAction.store` without one. The sender is answered once the feed has brought the
  /// message, which comes after its outcome.
  case stored(Result<StoreOutcome, StorageFailure>)
  /// The answer to `HubAction.read`. Answers come in any order.
  case read(ReadID, Result<ReadAnswer, StorageFailure>)
  /// The changes of a `HubAction.propose` are not made. Accepted changes come as an entry of the feed.
  case rejected(ProposalID, Rejection)
  /// The answer to `HubAction.redact`, in the order of these actions: the message before the redaction; nil if there is
  /// none, or if another author than the given one wrote it. The redaction itself is an entry of the feed.
  case redacted(RedactionID, Result<StoredMessage?, StorageFailure>)
  /// The wall-clock time. Due with every tick, and before the first connection.
  case clock(Timestamp)
  /// New settings from the operator.
  indirect case change(HubSettings)
  /// The session may have been silent for too long. A tick finds such sessions, too.
  case expired(SessionID)
  /// Time has passed. Due several times within the shortest timeout.
  case tick
  /// Send the shutdown reason to every session and end it.
  case shutdown

  /// Why proposed changes are not made.
  public enum Rejection: Hashable, Sendable {
    /// They could not be stored.
    case failure(StorageFailure)
    /// The feed has brought a change, or will bring one, that the decision did not take into account: the request is
    /// decided again.
    case outdated
  }

  /// The log could not store or read. The owner reports the reason to the operator.
  public struct StorageFailure: Error, Hashable, Sendable {
    /// The disk is full.
    public var isFull: Bool
    public init(isFull: Bool = false) { self.isFull = isFull }
  }
}
