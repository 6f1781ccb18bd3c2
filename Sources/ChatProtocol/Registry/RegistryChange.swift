/// What is to be kept of who is who and who may do what. Each is the whole of what is known of its subject, so that to
/// keep it twice changes nothing.
public enum RegistryChange: Hashable, Sendable {
  case account(Account)
  /// In place of one of the same kind and subject.
  case sanction(Sanction)
  case pardon(Sanction.Kind, Subject)
  /// In place of one with the same digest; with no uses left it is forgotten.
  case invitation(Invitation)
  /// In place of those of the same room; void ones are forgotten.
  case room(RoomRules)
  /// All that was said in the room is gone, its topic and its rules, too. It goes on counting where it was.
  case deletion(RoomName)
  /// Added to the audit log.
  case act(Act)

  public var isDeletion: Bool { if case .deletion = self { true } else { false } }
}

/// All that is kept, but for the audit log.
public struct RegistryState: Hashable, Sendable {
  public var accounts: [Account]
  public var sanctions: [Sanction]
  public var invitations: [Invitation]
  public var rooms: [RoomRules]
  /// Whether any account was ever an operator's.
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
