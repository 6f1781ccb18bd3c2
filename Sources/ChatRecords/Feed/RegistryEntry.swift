import ChatProtocol

/// Changes of the registry that are stored atomically, and their consequences for the people in the chat.
public struct RegistryEntry: Hashable, Sendable {
  /// The proposal that asked for the changes.
  public var proposal: ProposalID
  public var changes: [RegistryChange]
  /// Carried out by every hub, after the changes and after the answer to the request.
  public var effects: [Effect]

  public init(_ proposal: ProposalID, changes: [RegistryChange], effects: [Effect] = []) {
    self.proposal = proposal
    self.changes = changes
    self.effects = effects
  }

  /// A consequence for other sessions.
  public enum Effect: Hashable, Sendable {
    /// `INFO` to those of the member's sessions that have negotiated all of the capabilities.
    case tell(MemberID, String, Capabilities)
    case kick(MemberID, text: String)
    case ban(Sanction)
    /// Ends the member's sessions that logged in with the key.
    case endSessions(MemberID, loggedInWith: PublicKey)
    case takeOut(MemberID, RoomName, by: Nickname)
    /// Removes all members from a deleted room, and the room.
    case empty(RoomName, by: Nickname)
    /// Forgets a room without rules, members and messages.
    case forget(RoomName)
  }
}

/// Identifies a proposal among those of all hubs of a chat. Never reused.
public struct ProposalID: Hashable, Sendable {
  /// The hub that proposed.
  public let hub: HubID
  public let number: UInt64

  public init(_ number: UInt64, of hub: HubID = HubID(0)) {
    self.number = number
    self.hub = hub
  }
}

/// Identifies one run of one hub among the hubs of a chat.
public struct HubID: Hashable, Sendable {
  public let number: Int64
  public init(_ number: Int64) { self.number = number }
}
