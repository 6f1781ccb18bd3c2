import ChatProtocol

/// Joins a proposal to the log's answer. Never used twice by one hub.
public struct ProposalID: Hashable, Sendable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// Changes of the registry that the log was asked to store, and what follows from them. Nothing of it is applied,
/// answered or told to anybody before the log has stored the changes.
struct Proposal: Sendable {
  /// Stored together, or not at all.
  var changes: [RegistryChange]
  /// Nil for a change that nobody asked for.
  var requester: Requester?
  var answer = Answer.ok
  /// Carried out behind the answer.
  var effects: [Effect] = []
  var stake = Stake(.change)
  /// When the hub's clock first saw it wait.
  var waitingSince: MonotonicTime?

  /// The request to answer, should its session still be there.
  struct Requester: Sendable {
    var session: SessionID
    var verb: Verb?
    var label: String?
  }

  /// What the requester is told.
  enum Answer: Sendable {
    case ok
    /// - Parameter code: of the invitation that was made.
    case invitation(code: String)
    /// The requester enters the room that was made.
    case created(RoomName)
    /// The session enters.
    case login(Admission, Request)
    case resumption(Admission, Token, [Cursor], Request)
  }

  /// What others hear and feel of it.
  enum Effect: Sendable {
    /// `INFO` to those of the member's sessions that have agreed on all of the capabilities.
    case tell(MemberID, String, Capabilities)
    case kick(MemberID, text: String)
    case ban(Sanction)
    /// The member's sessions that logged in with the key are ended.
    case endSessions(MemberID, loggedInWith: PublicKey)
    case takeOut(MemberID, RoomName, by: Nickname)
    /// Everybody leaves a room that was deleted.
    case empty(RoomName, by: Nickname)
    /// A room without rules, people and messages is forgotten.
    case forget(RoomName)
  }
}
