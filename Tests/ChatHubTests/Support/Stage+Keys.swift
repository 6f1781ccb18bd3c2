import ChatHub
import ChatProtocol
import Testing

extension Stage {
  static let everythingProven = everything + ["keys", "moderation"]

  /// A server that has a pin.
  static func provable(isInviteOnly: Bool = false) -> Stage {
    var settings = HubSettings()
    settings.pin = .test
    settings.isInviteOnly = isInviteOnly
    return Stage(settings)
  }

  /// Somebody who speaks all of the protocol over TLS, and what they are asked to sign.
  func meet(from peer: Peer = .stranger, _ capabilities: [String] = everythingProven) -> (SessionID, LoginChallenge) {
    let id = open(from: peer, isSecured: true)
    let answer = say(id, "CAP REQ \(capabilities.joined(separator: " "))")
    let challenge = answer.last?.split(separator: " ").last.flatMap { LoginChallenge($0) }
    guard let challenge else { preconditionFailure("no challenge in \(answer)") }
    return (id, challenge)
  }

  /// - Parameter tags: others, each with its `;`.
  @discardableResult
  func come(
    _ name: String, _ identity: Identity, _ tags: String = "", from peer: Peer = .stranger
  ) -> (SessionID, [String]) {
    let (id, challenge) = meet(from: peer)
    return (id, say(id, "\(identity.tags(challenge, as: name, tags))LOGIN \(name)"))
  }

  /// Somebody who owns the name, and has read all there was to read; so has everybody else.
  func settle(_ name: String, _ identity: Identity, from peer: Peer = .stranger) -> SessionID {
    let (id, answer) = come(name, identity, from: peer)
    #expect(answer.first?.contains(";owned") == true, "\(answer)")
    forget()
    return id
  }

  /// Tries to resume with a proof.
  func resume(
    _ token: String, named name: String, _ identity: Identity, _ cursors: String = ""
  ) -> (SessionID, [String]) {
    let (id, challenge) = meet()
    return (id, say(id, "\(identity.tags(challenge, as: name))RESUME \(token)\(cursors)"))
  }
}

extension Peer {
  /// Not on the host.
  static let stranger = Peer(address: IPAddress("192.0.2.7"), isHost: false)
  static let control = Peer(address: nil, isHost: true, isControl: true)
}

extension [String] {
  /// Whether the first of these lines is this refusal, whatever it says to people.
  func isRefused(_ code: String, _ verb: String) -> Bool { untagged.first?.hasPrefix("ERR \(code) \(verb) ") == true }
}
