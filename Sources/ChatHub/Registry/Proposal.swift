import ChatProtocol
import ChatRecords

/// A change that this hub proposes, and its consequences. Nothing is applied, answered or announced before the feed
/// brings the change.
struct Proposal: Sendable {
  /// Stored atomically, together with the act.
  var changes: [RegistryChange] = []
  var act: ProposedAct?
  /// Applied before the answer.
  var arrival: SharedChange.Arrival?
  /// The request to answer, if its session still exists; nil for a change without a request.
  var requester: ReplyAddress?
  var answer = Answer.ok
  /// Carried out after the answer.
  var effects: [SharedChange.Effect] = []
  var stake = Stake(.change)
  /// When the hub's clock first saw the proposal wait.
  var waitingSince: MonotonicTime?

  /// The answer to the requester.
  enum Answer: Sendable {
    case ok
    /// The request is decided again: the change was its precondition.
    case again
    /// - Parameter code: the code of the new invitation.
    case invitation(code: String)
    /// The requester is in the new room.
    case created(RoomName)
    /// The requester is in the room.
    /// - Parameter opens: the room did not exist.
    case joined(RoomName, Cursor?, opens: Bool)
    case parted(RoomName)
    /// The session is logged in.
    case login(AcceptedLogin, Login)
    case resumption(AcceptedLogin, Login, [Cursor])
  }
}
