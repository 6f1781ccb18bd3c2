import ChatHub
import ChatProtocol

// The host's control socket: a confirmed request is on the disk.

extension Simulation {
  /// The host's open requests by label.
  struct ControlClient {
    let session: SessionID
    var requests: [String: AdminRequest] = [:]
    var lastLabel = 0
  }

  /// Requests about users without a client.
  func askAsHost() {
    guard let name = Nickname("owner-\(random.number(0...3))") else { return }
    let subject = Subject.name(name)
    let span: AdminRequest.Span = random.flip() ? .forever : .seconds(random.number(1...20))
    let request: AdminRequest =
      switch random.number(0...4) {
      case 0: .mute(name, for: span, reason: "")
      case 1: .unmute(name)
      case 2: .ban(subject, for: span, reason: "")
      case 3: .unban(subject)
      default: .admit(uses: random.number(1...3), for: .forever)
      }
    ask(request)
  }

  /// - Returns: the confirmed change that is not stored; nil if there is none.
  func violation(of answer: ServerMessage, _ tags: Tags, to host: inout ControlClient) throws -> String? {
    guard let label = tags.label, let request = host.requests.removeValue(forKey: label), case .ok = answer else {
      return nil
    }
    let state = try disk.log.registry()
    func holds(_ kind: Sanction.Kind, _ name: Nickname) -> Bool {
      state.sanctions.contains { $0.kind == kind && $0.subject == .name(name) }
    }
    let isSo =
      switch request {
      case .mute(let name, _, _): holds(.mute, name)
      case .unmute(let name): !holds(.mute, name)
      case .ban(.name(let name), _, _): holds(.ban, name)
      case .unban(.name(let name)): !holds(.ban, name)
      // A proposal that timed out was refused, and may be stored later.
      case .admit: state.invitations.count > admitted
      default: true
      }
    if case .admit = request { admitted = state.invitations.count }
    return isSo ? nil : "\(request.verb) was confirmed and is not stored"
  }
}
