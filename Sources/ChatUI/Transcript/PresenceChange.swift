import ChatProtocol

/// A join or leave.
enum PresenceChange: Hashable, Sendable {
  case joined(Nickname)
  case left(Nickname, reason: String)

  /// The maximum number of changes in one entry.
  static let perEntry = 12
  /// The maximum age of an entry that takes further changes, in milliseconds.
  static let togetherWithin: Int64 = 300_000

  /// The approximate memory it takes, in bytes.
  var cost: Int {
    switch self {
    case .joined: 100
    case .left(_, let reason): 100 + reason.utf8.count
    }
  }

  private var name: Nickname {
    switch self {
    case .joined(let name), .left(let name, _): name
    }
  }

  private var isJoining: Bool {
    if case .joined = self { true } else { false }
  }

  /// `neha, zoe joined · akash left · kim rejoined`: the net change for each user, not each step. The reason is
  /// included only for a single leave.
  static func describe(_ changes: [PresenceChange], _ guests: Guests = Guests()) -> String {
    var names: [Nickname] = []
    var steps: [Nickname: (first: PresenceChange, last: PresenceChange)] = [:]
    for change in changes {
      if steps[change.name] == nil { names.append(change.name) }
      steps[change.name] = (steps[change.name]?.first ?? change, change)
    }
    var people: [NetChange: [Nickname]] = [:]
    var outcomes: [NetChange] = []
    for name in names {
      guard let (first, last) = steps[name] else { continue }
      let outcome = NetChange(first: first, last: last)
      if people[outcome] == nil { outcomes.append(outcome) }
      people[outcome, default: []].append(name)
    }
    if changes.count == 1, case .left(let name, let reason)? = changes.first, !reason.isEmpty {
      return "\(guests.shown(name)) left (\(reason))"
    }
    return outcomes.map { outcome in
      "\((people[outcome] ?? []).map(guests.shown).joined(separator: ", ")) \(outcome.rawValue)"
    }.joined(separator: " · ")
  }

  private enum NetChange: String {
    case joined, left, rejoined
    case visited = "came and went"

    init(first: PresenceChange, last: PresenceChange) {
      switch (first.isJoining, last.isJoining) {
      case (true, true): self = .joined
      case (true, false): self = .visited
      case (false, true): self = .rejoined
      case (false, false): self = .left
      }
    }
  }

  /// The label in the column of names: an arrow if all changes have one direction.
  static func label(_ changes: [PresenceChange]) -> String {
    if changes.allSatisfy(\.isJoining) { return "-->" }
    return changes.contains(where: \.isJoining) ? "<->" : "<--"
  }
}
