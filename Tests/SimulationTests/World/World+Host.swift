import ChatHub
import ChatProtocol

// The host's control socket: what it is told to have been done is on the disk.
extension World {
  /// What the host asked for, by the label, and has not been answered.
  struct Host {
    let session: SessionID
    var requests: [String: AdminRequest] = [:]
    var lastLabel = 0
  }

  /// About people who take no part.
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

  /// - Returns: what was confirmed and is not so; nil: nothing.
  func violation(of answer: ServerMessage, _ tags: Tags, to host: inout Host) throws -> String? {
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
      // One that the disk was too slow for was refused, and may be stored all the same.
      case .admit: state.invitations.count > admitted
      default: true
      }
    if case .admit = request { admitted = state.invitations.count }
    return isSo ? nil : "\(request.verb) was confirmed and is not stored"
  }
}
