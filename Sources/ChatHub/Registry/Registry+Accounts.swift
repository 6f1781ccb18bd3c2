import ChatProtocol
import ChatRecords

// Accounts of sessions, and the rights that follow from them.

extension Registry {
  /// The session's account, if the session logged in with one of its keys.
  func account(of presence: Session.Presence) -> Account? {
    guard let key = presence.key, let account = account(of: presence.member), account.opens(with: key) else {
      return nil
    }
    return account
  }

  /// The login's account, if the client logged in with one of its keys.
  func account(of login: Login) -> Account? {
    account(of: login.member).flatMap { $0.opens(with: login.key) ? $0 : nil }
  }

  func account(of caller: Caller) -> Account? { caller.presence.flatMap { account(of: $0) } }

  /// The account that owns a session's key, even if the session logged in under another name.
  func keyHolder(_ presence: Session.Presence) -> Account? {
    account(of: presence) ?? presence.key.flatMap { account(with: $0) }
  }

  /// The account that owns a login's key, even if the client logged in under another name.
  func keyHolder(_ login: Login) -> Account? { account(of: login) ?? login.key.flatMap { account(with: $0) } }

  func isOperator(_ caller: Caller) -> Bool { caller.isControl || account(of: caller)?.isOperator == true }

  func requireOperator(_ caller: Caller) throws(RequestError) {
    guard isOperator(caller) else { throw RequestError(.notOperator) }
  }

  /// The account of a member. The control socket has none, and no requests about its own account.
  func requireAccount(_ caller: Caller) throws(RequestError) -> Account {
    guard !caller.isControl else { throw RequestError(.unknownCommand) }
    guard let account = account(of: caller) else { throw RequestError(.noAccount) }
    return account
  }

  // MARK: Persons for limits

  /// The person whose new rooms are counted together.
  func maker(_ presence: Session.Presence, _ peer: Peer) -> RoomCreations.Maker {
    RoomCreations.Maker(member: keyHolder(presence)?.member ?? presence.member, addressBlock: peer.addressBlock)
  }

  /// The writer whose messages are counted together in slow mode: an account, the guests at an address block, or a
  /// guest on the host.
  func writer(_ presence: Session.Presence, _ peer: Peer) -> SlowRooms.Writer {
    if let account = keyHolder(presence) { return .member(account.member) }
    guard let block = peer.addressBlock else { return .member(presence.member) }
    return .guests(block)
  }

  /// The writer of a message from another hub.
  /// - Parameter login: nil if the writer is not logged in any more.
  func writer(_ member: MemberID, _ login: Login?) -> SlowRooms.Writer {
    if let account = login.flatMap({ keyHolder($0) }) { return .member(account.member) }
    return login?.address.map { .guests(AddressBlock($0)) } ?? .member(member)
  }

  func isSlow(_ room: RoomName) -> Bool { ruledRooms > 0 && rules(of: room).map { $0.slowness > 0 } == true }

  /// The interval of slow mode in the room, in seconds; nil if the caller need not wait.
  func slowness(of room: RoomName, for caller: Caller) -> Int? {
    // Few rooms have any rules: this check is cheap.
    guard ruledRooms > 0, let slowness = rules(of: room)?.slowness, slowness > 0, !isOperator(caller) else {
      return nil
    }
    return slowness
  }

  // MARK: Operators

  /// Whether the login may make its account the first operator. This happens once in the life of a log; a later
  /// operator is named through the control socket. A client on the host could read the server's files anyway; the
  /// control socket itself has no identity.
  func mayBecomeFirstOperator(_ caller: Caller) -> Bool { !hadOperator && caller.peer.isHost && !caller.isControl }
}

extension Nickname {
  /// The actor for requests through the host's control socket. The name is reserved: no member can have it.
  static let host: Nickname = {
    guard let name = Nickname("host") else { preconditionFailure("host is a name") }
    return name
  }()
}
