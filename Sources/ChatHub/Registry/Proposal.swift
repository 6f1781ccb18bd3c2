import ChatProtocol
import ChatRecords

/// Matches the log's answer to a proposal. Never reused by one hub.
public struct ProposalID: Hashable, Sendable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// Changes of the registry that the log was asked to store, and their consequences. Nothing is applied, answered or
/// announced before the log has stored the changes.
struct Proposal: Sendable {
  /// Stored atomically, together with the act.
  var changes: [RegistryChange]
  var act: ProposedAct?
  /// The request to answer, if its session still exists; nil for a change without a request.
  var requester: ReplyAddress?
  var answer = Answer.ok
  /// Carried out after the answer.
  var effects: [Effect] = []
  var stake = Stake(.change)
  /// When the hub's clock first saw the proposal wait.
  var waitingSince: MonotonicTime?

  /// The answer to the requester.
  enum Answer: Sendable {
    case ok
    /// - Parameter code: the code of the new invitation.
    case invitation(code: String)
    /// The requester joins the new room.
    case created(RoomName)
    /// The session logs in.
    case login(AcceptedLogin)
    case resumption(AcceptedLogin, Token, [Cursor])
  }

  /// A consequence for other sessions.
  enum Effect: Sendable {
    /// `INFO` to those of the member's sessions that have negotiated all of the capabilities.
    case tell(MemberID, String, Capabilities)
    case kick(MemberID, text: String)
    case ban(Sanction)
    /// Ends the member's sessions that logged in with the key.
    case endSessions(MemberID, loggedInWith: PublicKey)
    case takeOut(MemberID, RoomName, by: Nickname)
    /// Removes all members from a deleted room.
    case empty(RoomName, by: Nickname)
    /// Forgets a room without rules, members and messages.
    case forget(RoomName)
  }
}
