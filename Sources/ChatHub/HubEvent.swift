import ChatProtocol

/// What happened.
public enum HubEvent: Sendable {
  case opened(SessionID, Peer = .host)
  /// All that was and will be said on the connection is encrypted. Comes before its first line, or not at all.
  case secured(SessionID)
  case received(SessionID, Result<Line, LineFault>)
  /// The other side has said everything, and may still listen.
  case finished(SessionID)
  /// The other side is gone: it closed, or the connection broke.
  case closed(SessionID, LeaveReason)
  /// The session's send queue is full.
  case stalled(SessionID)
  /// The session reads too slowly: from here on it is sent none of what is published, and only answers. All that was
  /// published before was handed to it.
  case lagging(SessionID)
  /// It has read what waited for it, and is sent what is published again.
  case caughtUp(SessionID)
  /// The outcome of the oldest unanswered `HubAction.store`.
  case stored(Result<StoreOutcome, StorageFailure>)
  /// The answer to `HubAction.read`. Answers come in any order.
  case read(ReadID, Result<ReadAnswer, StorageFailure>)
  /// The answer to `HubAction.propose`: whether the changes are stored.
  case settled(ProposalID, Result<Void, StorageFailure>)
  /// The answer to `HubAction.erase`, in the order of these actions: the message as it was, or nil where there is none,
  /// or where it is not its author's wish.
  case erased(EraseID, Result<StoredMessage?, StorageFailure>)
  /// What time it is for people. Due with every tick, and before the first connection.
  case clock(Timestamp)
  /// The operator wants these from now on.
  case change(HubSettings)
  /// Time has passed. Due several times within the shortest timeout.
  case tick
  /// Say good-bye to everybody.
  case shutdown

  /// The log could not store, or read. The operator is told why by others.
  public struct StorageFailure: Error, Hashable, Sendable {
    /// There is no room on the disk.
    public var isFull: Bool
    public init(isFull: Bool = false) { self.isFull = isFull }
  }
}
