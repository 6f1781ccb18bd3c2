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
  /// Added to the audit log.
  case act(Act)
}

/// All that is kept, but for the audit log.
public struct RegistryState: Hashable, Sendable {
  public var accounts: [Account]
  public var sanctions: [Sanction]
  public var invitations: [Invitation]
  public var rooms: [RoomRules]

  public init(
    accounts: [Account] = [], sanctions: [Sanction] = [], invitations: [Invitation] = [], rooms: [RoomRules] = []
  ) {
    self.accounts = accounts
    self.sanctions = sanctions
    self.invitations = invitations
    self.rooms = rooms
  }
}
