import ChatProtocol

/// A change to the registry of accounts, sanctions, invitations and rooms. Each change carries the complete new state
/// of its subject, so that storing it twice has no effect.
public enum RegistryChange: Hashable, Sendable, Codable {
  case account(Account)
  /// Replaces a sanction of the same kind and subject.
  case sanction(Sanction)
  case pardon(Sanction.Kind, Subject)
  /// Replaces the invitation with the same digest; one without remaining uses is deleted.
  case invitation(Invitation)
  /// Replaces the rules of the same room; void rules are deleted.
  case room(RoomRules)
  /// Deletes the room's messages with their idempotency keys, its topic, its rules and the read marks in it. The room's
  /// sequence numbers continue.
  case deletion(RoomName)
  /// Appended to the audit log.
  case act(Act)

  public var isDeletion: Bool { if case .deletion = self { true } else { false } }
}

/// The complete registry, without the audit log.
public struct RegistryState: Hashable, Sendable {
  public var accounts: [Account]
  public var sanctions: [Sanction]
  public var invitations: [Invitation]
  public var rooms: [RoomRules]
  /// Whether any account has ever been an operator.
  public var hadOperator: Bool

  public init(
    accounts: [Account] = [], sanctions: [Sanction] = [], invitations: [Invitation] = [], rooms: [RoomRules] = [],
    hadOperator: Bool = false
  ) {
    self.accounts = accounts
    self.sanctions = sanctions
    self.invitations = invitations
    self.rooms = rooms
    self.hadOperator = hadOperator
  }
}
