import ChatProtocol

/// What the hub knows of one connection.
struct Session {
  var capabilities: Capabilities = []
  var phase: Phase
  /// Counts the batches sent, so that no two open ones share a reference.
  var batches = 0

  enum Phase {
    /// Connected at this time, and still without a name.
    case anonymous(since: MonotonicTime)
    case present(Presence)
  }

  struct Presence {
    var name: Nickname
    /// When the last line came.
    var lastHeard: MonotonicTime
    /// What the person left word of, while away.
    var away: String?
  }

  var presence: Presence? {
    if case .present(let presence) = phase { presence } else { nil }
  }

  /// A line came, whatever it says.
  mutating func hear(at now: MonotonicTime) {
    guard case .present(var presence) = phase else { return }
    presence.lastHeard = now
    phase = .present(presence)
  }
}
