import ChatProtocol
import ChatRecords

/// Changes of the registry that this hub proposes, and their consequences. Nothing is applied, answered or announced
/// before the feed brings the changes.
struct Proposal: Sendable {
  /// Stored atomically, together with the act.
  var changes: [RegistryChange]
  var act: ProposedAct?
  /// The request to answer, if its session still exists; nil for a change without a request.
  var requester: ReplyAddress?
  var answer = Answer.ok
  /// Carried out after the answer.
  var effects: [RegistryEntry.Effect] = []
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
    /// The requester joins the new room.
    case created(RoomName)
    /// The session logs in.
    case login(AcceptedLogin)
    case resumption(AcceptedLogin, Token, [Cursor])
  }
}
