import TestSupport
import ChatHub
import ChatProtocol
import Testing

/// Whatever comes in whatever order: some things never happen.
@Suite struct HubPropertyTests {
  @Test func `no order of events breaks the hub's promises`() throws {
    for seed in SeededGenerator.seeds(3000) {
      let first = try play(seed)
      // A replay must decide the same, or no failure could be played again.
      if seed % 16 == 0 { try #require(play(seed) == first, "SWIFTCHAT_SEED=\(seed)") }
    }
  }

  private func play(_ seed: UInt64) throws -> [HubAction] {
    var random = SeededGenerator(seed: seed)
    var hub = Hub(settings: HubSettings(maximumSessions: 5, messageOfTheDay: ["Welcome."]))
    var now = MonotonicTime(nanoseconds: 0)
    var ledger = Ledger()
    var all: [HubAction] = []
    for step in 0..<120 {
      now = now + .milliseconds(Int.random(in: 0...2000, using: &random))
      let command = ledger.command(using: &random)
      var actions: [HubAction] = []
      hub.apply(command, at: now, into: &actions)
      ledger.note(command)
      for action in actions {
        let broken = ledger.broken(by: action)
        try #require(broken == nil, "\(broken ?? ""): \(action) at step \(step) of SWIFTCHAT_SEED=\(seed)")
      }
      try #require(ledger.isSettled, "a leave without its notice at step \(step) of SWIFTCHAT_SEED=\(seed)")
      try #require(hub.sessionCount == ledger.open.count, "step \(step) of SWIFTCHAT_SEED=\(seed)")
      try #require(hub.peopleCount == ledger.admitted.count, "step \(step) of SWIFTCHAT_SEED=\(seed)")
      all += actions
    }
    return all
  }

  /// What was opened, admitted, dismissed and closed, and the commands that may come next.
  private struct Ledger {
    private(set) var open: Set<SessionID> = []
    private(set) var admitted: [SessionID: Nickname] = [:]
    private var everDismissed: Set<SessionID> = []
    private var unannounced: [(Nickname, LeaveReason)] = []
    private var drafts: [NewMessage] = []
    private var lastNumber: UInt64 = 0

    var isSettled: Bool { unannounced.isEmpty }

    mutating func command(using random: inout SeededGenerator) -> HubCommand {
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<12:
        lastNumber += 1
        return .opened(SessionID(lastNumber))
      case 12..<70:
        // Also from sessions that are closed, and from some that never were.
        let id = SessionID(.random(in: lastNumber &- min(lastNumber, 6)...lastNumber + 1, using: &random))
        if random.chance(1, in: 15) {
          let faults: [LineFault] = [.tooLong, .invalidUTF8, .malformedTags]
          return .received(id, .failure(faults.randomElement(using: &random) ?? .tooLong))
        }
        var tags = Tags()
        if random.chance(1, in: 3) { tags.label = "\(lastNumber)" }
        return .received(id, .success(line(tags: tags, using: &random)))
      case 70..<78: return .closed(someone(using: &random), random.chance(1, in: 2) ? .closed : .lost)
      case 78..<81: return .stalled(someone(using: &random))
      case 81..<95:
        guard !drafts.isEmpty else { return .stored(.failure(HubCommand.StorageFailure())) }
        let draft = drafts.removeFirst()
        guard random.chance(4, in: 5) else { return .stored(.failure(HubCommand.StorageFailure())) }
        return .stored(.success(StoredMessage(draft, sequence: 1, time: Stage.time)))
      case 95..<99: return .tick
      default: return random.chance(1, in: 3) ? .shutdown : .tick
      }
    }

    private func someone(using random: inout SeededGenerator) -> SessionID {
      SessionID(.random(in: 0...lastNumber + 1, using: &random))
    }

    private func line(tags: Tags, using random: inout SeededGenerator) -> Line {
      let name = ["neha", "Neha", "akash", "MIRA", "mira", "x"].randomElement(using: &random) ?? "neha"
      let lines = [
        "LOGIN \(name)", "LOGIN \(name)", "LOGIN \(name)", "MSG hello", "MSG", "DM \(name) psst", "DM \(name)", "WHO",
        "PING", "QUIT", "AWAY", "AWAY lunch", "CAP LS", "CAP REQ tags", "CAP REQ presence", "CAP REQ tags nothing",
        "CAP", "", " ", "nonsense", "LOGIN a b", "LOGIN",
      ]
      let text = lines.randomElement(using: &random) ?? ""
      return Line(tags: tags, text: text, hasControlCharacters: random.chance(1, in: 25))
    }

    mutating func note(_ command: HubCommand) {
      if case .opened(let id) = command { open.insert(id) }
    }

    /// - Returns: the promise that the action breaks.
    mutating func broken(by action: HubAction) -> String? {
      switch action {
      case .send(let id, _, _): return open.contains(id) ? nil : "nothing is sent after the close"
      case .agree(let id, _): return open.contains(id) ? nil : "no dialect is agreed on after the close"
      case .admit(let id, let name):
        guard open.contains(id) else { return "nobody is admitted after the close" }
        guard admitted[id] == nil, !everDismissed.contains(id) else { return "a session is admitted once" }
        guard !admitted.values.contains(name) else { return "names are unique" }
        admitted[id] = name
        return nil
      case .dismiss(let id, let name, let reason):
        guard admitted.removeValue(forKey: id)?.text == name.text else { return "only who was admitted is dismissed" }
        guard everDismissed.insert(id).inserted else { return "a session is dismissed once" }
        unannounced.append((name, reason))
        return nil
      case .publish(.left(let name, let reason), _):
        guard let index = unannounced.firstIndex(where: { $0 == (name, reason) }) else {
          return "only who was dismissed has left"
        }
        unannounced.remove(at: index)
        return nil
      case .publish: return nil
      case .store(let draft):
        drafts.append(draft)
        return admitted.values.contains(draft.author) ? nil : "only who is here writes"
      case .close(let id, let reason):
        guard open.remove(id) != nil else { return "a session is closed once" }
        if reason == .shutdown {
          admitted[id] = nil
          return nil
        }
        return admitted[id] == nil ? nil : "who is here is dismissed before the close"
      }
    }
  }
}
