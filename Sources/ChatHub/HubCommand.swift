import ChatProtocol

/// What happened.
public enum HubCommand: Sendable {
  case opened(SessionID)
  case received(SessionID, Result<Line, LineFault>)
  /// Nothing more will come: the other side closed, or the connection broke.
  case closed(SessionID, LeaveReason)
  /// The session's send queue is full.
  case stalled(SessionID)
  /// The outcome of the oldest unanswered `HubAction.store`.
  case stored(Result<StoredMessage, StorageFailure>)
  /// Time has passed. Due several times within the shortest timeout.
  case tick
  /// Say good-bye to everybody.
  case shutdown

  /// The log could not store. Why is between the log and the operator.
  public struct StorageFailure: Error, Sendable {
    public init() {}
  }
}
