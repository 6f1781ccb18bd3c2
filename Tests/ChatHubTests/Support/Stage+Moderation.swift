import ChatProtocol

@testable import ChatHub

extension Stage {
  static let moderated = Stage.everything + ["moderation"]

  /// Whoever comes through the host's control socket, and has read all there was to read.
  func control() -> SessionID {
    let id = open(from: Peer(address: nil, isHost: true, isControl: true))
    say(id, "CAP REQ tags moderation")
    forget()
    return id
  }

  /// Somebody who connects from elsewhere.
  func open(at address: String) -> SessionID { open(from: Peer(address: IPAddress(address), isHost: false)) }

  /// Somebody who connects from elsewhere and logs in, and has read all there was to read; so has everybody else.
  func join(_ name: String, at address: String, _ capabilities: [String] = []) -> SessionID {
    let id = open(at: address)
    if !capabilities.isEmpty { say(id, "CAP REQ \(capabilities.joined(separator: " "))") }
    say(id, "LOGIN \(name)")
    forget()
    return id
  }

  /// Somebody whose name is theirs, as if they had proven it.
  @discardableResult
  func own(_ id: SessionID, keys: [PublicKey], isOperator: Bool = false) -> MemberID? {
    guard let presence = hub.sessions[id]?.presence else { return nil }
    let account = Account(
      member: presence.member, name: presence.name, keys: keys.map { AccountKey(key: $0, added: Self.noon) },
      isOperator: isOperator, created: Self.noon)
    hub.sessions[id]?.presence?.key = keys.first
    hub.registry.apply(.account(account))
    return presence.member
  }

  /// An operator with the whole protocol, on the host.
  func joinOperator(_ name: String = "boss") -> SessionID {
    let (id, _) = arrive(name, Self.moderated)
    own(id, keys: [Self.key(255)], isOperator: true)
    return id
  }

  static func key(_ number: UInt8) -> PublicKey {
    guard let key = PublicKey([UInt8](repeating: number, count: 32)) else { preconditionFailure("32 bytes are a key") }
    return key
  }

  /// Of the day on which everything is stored.
  static let noon = Timestamp(milliseconds: 1_795_348_800_000)

  /// Time passes on both clocks, and the hub looks at them.
  func pass(to time: Timestamp, after duration: Duration = .zero) {
    pass(duration)
    apply(.clock(time))
    apply(.tick)
  }

  /// What the log was given to store on the last command.
  var records: [RegistryChange] {
    actions.flatMap { if case .propose(_, let changes) = $0 { changes } else { [RegistryChange]() } }
  }
}
