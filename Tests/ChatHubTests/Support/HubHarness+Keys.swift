import ChatHub
import ChatProtocol
import Testing

extension Stage {
  static let everythingProven = everything + ["keys", "moderation"]

  /// A server with a pin.
  static func provable(isInviteOnly: Bool = false) -> Stage {
    var settings = HubSettings()
    settings.pin = .test
    settings.isInviteOnly = isInviteOnly
    return Stage(settings)
  }

  /// Connects over TLS with all capabilities; returns the session and its login challenge.
  func meet(from peer: Peer = .stranger, _ capabilities: [String] = everythingProven) -> (SessionID, LoginChallenge) {
    let id = open(from: peer, isSecured: true)
    let answer = say(id, "CAP REQ \(capabilities.joined(separator: " "))")
    let challenge = answer.last?.split(separator: " ").last.flatMap { LoginChallenge($0) }
    guard let challenge else { preconditionFailure("no challenge in \(answer)") }
    return (id, challenge)
  }

  /// - Parameter tags: additional tags, each with its `;`.
  @discardableResult
  func come(
    _ name: String, _ identity: Identity, _ tags: String = "", from peer: Peer = .stranger
  ) -> (SessionID, [String]) {
    let (id, challenge) = meet(from: peer)
    return (id, say(id, "\(identity.tags(challenge, as: name, tags))LOGIN \(name)"))
  }

  /// Logs in as the owner of the name; all sessions have read all their lines.
  func settle(_ name: String, _ identity: Identity, from peer: Peer = .stranger) -> SessionID {
    let (id, answer) = come(name, identity, from: peer)
    #expect(answer.first?.contains(";owned") == true, "\(answer)")
    forget()
    return id
  }

  /// Sends `RESUME` with a proof.
  func resume(
    _ token: String, named name: String, _ identity: Identity, _ cursors: String = ""
  ) -> (SessionID, [String]) {
    let (id, challenge) = meet()
    return (id, say(id, "\(identity.tags(challenge, as: name))RESUME \(token)\(cursors)"))
  }
}

extension Peer {
  /// A peer on another host.
  static let stranger = Peer(address: IPAddress("192.0.2.7"), isHost: false)
  static let control = Peer(address: nil, isHost: true, isControl: true)
}

extension [String] {
  /// Whether the first of these lines is this error, with any text.
  func isRefused(_ code: String, _ verb: String) -> Bool { untagged.first?.hasPrefix("ERR \(code) \(verb) ") == true }
}
