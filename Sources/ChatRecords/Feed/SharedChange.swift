import ChatProtocol

/// Changes of the registry that are stored atomically, the login or room membership that depends on them, and their
/// consequences for the people in the chat. All hubs apply it when the feed brings it.
public struct SharedChange: Hashable, Sendable, Codable {
  /// The proposal that asked for it.
  public var proposal: ProposalID
  /// Changes of the registry.
  public var changes: [RegistryChange]
  /// Applied after the changes, before the answer to the request.
  public var arrival: Arrival?
  /// Carried out after the answer to the request.
  public var effects: [Effect]

  public init(
    _ proposal: ProposalID, changes: [RegistryChange], arrival: Arrival? = nil, effects: [Effect] = []
  ) {
    self.proposal = proposal
    self.changes = changes
    self.arrival = arrival
    self.effects = effects
  }

  /// Whether the log must store something. Presence ends with the hubs, and is not stored.
  public var mustBeStored: Bool { !changes.isEmpty }

  public enum Arrival: Hashable, Sendable, Codable {
    /// A member logs in.
    /// - Parameter replacing: the login that this one resumes: its session is ended after the answer.
    case login(Login, replacing: LoginID?)
    /// A login joins a room.
    case room(RoomName, LoginID, of: MemberID)
  }

  /// A consequence for the sessions of all hubs.
  public enum Effect: Hashable, Sendable, Codable {
    /// A login leaves a room.
    case part(RoomName, LoginID, of: MemberID)
    /// - Parameter text: the away message; nil: the member is back.
    case away(MemberID, text: String?)
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
public struct ProposalID: Hashable, Sendable, Codable {
  /// The hub that proposed.
  public let hub: HubID
  public let number: UInt64

  public init(_ number: UInt64, of hub: HubID = HubID(0)) {
    self.number = number
    self.hub = hub
  }
}

/// Identifies one run of one hub among the hubs of a chat.
public struct HubID: Hashable, Sendable, Codable {
  public let number: Int64
  public init(_ number: Int64) { self.number = number }
}
