import ChatProtocol
import ChatRecords

@testable import ChatHub

extension HubHarness {
  static let moderationCapabilities = HubHarness.allCapabilities + ["moderation"]

  /// A session on the control socket that has read all its lines.
  func connectControl() -> SessionID {
    let id = connect(from: Peer(address: nil, isHost: true, isControl: true))
    send(as: id, "CAP REQ tags moderation")
    discardOutput()
    return id
  }

  /// Connects from another host.
  func connect(at address: String) -> SessionID { connect(from: Peer(address: IPAddress(address), isHost: false)) }

  /// Connects from another host and logs in; all sessions have read all their lines.
  func logIn(_ name: String, at address: String, _ capabilities: [String] = []) -> SessionID {
    let id = connect(at: address)
    if !capabilities.isEmpty { send(as: id, "CAP REQ \(capabilities.joined(separator: " "))") }
    send(as: id, "LOGIN \(name)")
    discardOutput()
    return id
  }

  /// Logs in as the owner of the name, as if with a proof.
  @discardableResult
  func makeOwner(_ id: SessionID, keys: [PublicKey], isOperator: Bool = false) -> MemberID? {
    guard let presence = hub.sessions[id]?.presence else { return nil }
    let account = Account(
      member: presence.member, name: presence.name, keys: keys.map { AccountKey(key: $0, added: Self.noon) },
      isOperator: isOperator, created: Self.noon)
    hub.sessions.update(id) { $0.presence?.key = keys.first }
    let logins = hub.people[presence.member]?.logins ?? []
    let proven = logins.map { known in
      guard known.session == id else { return known }
      let login = known.login
      return MemberLogin(
        login: Login(
          login.id, on: login.hub, of: login.member, named: login.name, key: keys.first, address: login.address,
          rooms: login.rooms), session: id)
    }
    hub.people.update(presence.member) { $0.logins = proven }
    hub.registry.apply(.account(account))
    return presence.member
  }

  /// Logs in an operator with all capabilities, on the host.
  func logInOperator(_ name: String = "boss") -> SessionID {
    let (id, _) = logInTagged(name, Self.moderationCapabilities)
    makeOwner(id, keys: [Self.key(255)], isOperator: true)
    return id
  }

  static func key(_ number: UInt8) -> PublicKey {
    guard let key = PublicKey([UInt8](repeating: number, count: 32)) else { preconditionFailure("32 bytes are a key") }
    return key
  }

  /// Noon of the day on which all messages are stored.
  static let noon = Timestamp(milliseconds: 1_795_348_800_000)

  /// Advances both clocks, and ticks the hub.
  func advanceClocks(to time: Timestamp, after duration: Duration = .zero) {
    advanceClockWithoutTick(by: duration)
    apply(.clock(time))
    apply(.tick)
  }

  /// The registry changes that the last command gave the log to store.
  var proposedChanges: [RegistryChange] {
    actions.flatMap { if case .propose(let entry, _) = $0 { entry.changes } else { [RegistryChange]() } }
  }
}
