import ChatProtocol
import ChatRecords

// A mute applies to a person under any name: to an owned name with all its keys, and to guests at the address block
// where the person was last connected.

extension Registry {
  /// The sanction that covers guests at a peer's address.
  func guestSanction(_ kind: Sanction.Kind, _ peer: Peer?, at wall: Timestamp) -> Sanction? {
    guard let block = peer?.network else { return nil }
    return sanction(kind, ofGuestsAt: block, at: wall)
  }

  /// The mute that applies to a session; nil if the session may write.
  func mute(of presence: Session.Presence, _ peer: Peer, at wall: Timestamp) -> Sanction? {
    guard sanctionCount > 0 else { return nil }
    var names = [presence.name]
    for account in [account(of: presence.member), keyHolder(presence)] {
      if let account { names.append(account.name) }
    }
    for name in names {
      if let mute = mute(ofName: name, at: wall) { return mute }
    }
    return account(of: presence) == nil ? guestSanction(.mute, peer, at: wall) : nil
  }

  private func mute(ofName name: Nickname, at wall: Timestamp) -> Sanction? {
    guard let mute = sanction(.mute, .name(name)), mute.holds(at: wall) else { return nil }
    return mute
  }

  /// A muted person can read, but must not reach other screens: neither by messages, nor by room names, invitations or
  /// anything else.
  func mustNotBeMuted(_ turn: borrowing Turn) throws(RequestError) {
    guard let presence = turn.caller.presence, let mute = mute(of: presence, turn.caller.peer, at: turn.wall) else {
      return
    }
    throw RequestError(.muted, text: mute.sentence)
  }

  /// A new name would reach other screens, too: a muted person cannot take one.
  /// - Parameter mayTakeNewName: whether a guest at the caller's address may take one while guests there are muted.
  func mustNotBeMuted(
    as login: AcceptedLogin, mayTakeNewName: Bool, _ turn: borrowing Turn
  ) throws(RequestError) {
    guard sanctionCount > 0 else { return }
    let holder = login.key.flatMap { account(with: $0) }
    if let holder, holder.name != login.name, let mute = mute(ofName: holder.name, at: turn.wall) {
      throw RequestError(.muted, text: mute.sentence)
    }
    guard holder == nil, !login.keepsName, !mayTakeNewName,
      let mute = guestSanction(.mute, turn.caller.peer, at: turn.wall), mute.subject != .name(login.name)
    else { return }
    throw RequestError(.muted, text: mute.sentence)
  }

  /// Extends a mute to the address block from which a muted person has logged in.
  /// - Returns: nil if no mute is to be extended.
  func extendMute(of account: Account, to block: Network, at wall: Timestamp) -> Proposal? {
    guard var mute = mute(ofName: account.name, at: wall), !mute.blocks.contains(block),
      mute.blocks.count < Sanction.maximumBlocks
    else { return nil }
    mute.blocks.insert(block)
    return Proposal(changes: [.sanction(mute)])
  }
}
