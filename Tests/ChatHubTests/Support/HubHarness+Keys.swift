import ChatHub
import ChatProtocol
import Testing

extension HubHarness {
  static let allCapabilitiesWithKeys = allCapabilities + ["keys", "moderation"]

  /// A server with a pin.
  static func withPin(isInviteOnly: Bool = false) -> HubHarness {
    var settings = HubSettings()
    settings.pin = .test
    settings.isInviteOnly = isInviteOnly
    return HubHarness(settings)
  }

  /// Connects over TLS with all capabilities; returns the session and its login challenge.
  func connectSecured(from peer: Peer = .remote, _ capabilities: [String] = allCapabilitiesWithKeys) -> (
    SessionID, LoginChallenge
  ) {
    let id = connect(from: peer, isSecured: true)
    let answer = send(as: id, "CAP REQ \(capabilities.joined(separator: " "))")
    let challenge = answer.last?.split(separator: " ").last.flatMap { LoginChallenge($0) }
    guard let challenge else { preconditionFailure("no challenge in \(answer)") }
    return (id, challenge)
  }

  /// - Parameter tags: additional tags, each with its `;`.
  @discardableResult
  func requestLogin(
    _ name: String, _ identity: TestKey, _ tags: String = "", from peer: Peer = .remote
  ) -> (SessionID, [String]) {
    let (id, challenge) = connectSecured(from: peer)
    return (id, send(as: id, "\(identity.tags(challenge, as: name, tags))LOGIN \(name)"))
  }

  /// Logs in as the owner of the name; all sessions have read all their lines.
  func logInOwner(_ name: String, _ identity: TestKey, from peer: Peer = .remote) -> SessionID {
    let (id, answer) = requestLogin(name, identity, from: peer)
    #expect(answer.first?.contains(";owned") == true, "\(answer)")
    discardOutput()
    return id
  }

  /// Sends `RESUME` with a proof.
  func resume(
    _ token: String, named name: String, _ identity: TestKey, _ cursors: String = ""
  ) -> (SessionID, [String]) {
    let (id, challenge) = connectSecured()
    return (id, send(as: id, "\(identity.tags(challenge, as: name))RESUME \(token)\(cursors)"))
  }
}

extension Peer {
  /// A peer on another host.
  static let remote = Peer(address: IPAddress("192.0.2.7"), isHost: false)
  static let control = Peer(address: nil, isHost: true, isControl: true)
}

extension [String] {
  /// Whether the first of these lines is this error, with any text.
  func isRefused(_ code: String, _ verb: String) -> Bool { untagged.first?.hasPrefix("ERR \(code) \(verb) ") == true }
}
