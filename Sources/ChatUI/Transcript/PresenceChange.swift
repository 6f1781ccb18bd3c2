import ChatProtocol

/// Somebody came or went.
enum PresenceChange: Hashable, Sendable {
  case joined(Nickname)
  case left(Nickname, reason: String)

  /// So many are told in one entry.
  static let perEntry = 12
  /// Milliseconds within which changes are told in one entry.
  static let togetherWithin: Int64 = 300_000

  /// About how many bytes it costs to keep.
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

  /// `neha, zoe joined · akash left · kim rejoined`: what it comes to for each of them, and not each step; a reason only
  /// where one person left alone.
  static func describe(_ changes: [PresenceChange], _ guests: Guests = Guests()) -> String {
    var names: [Nickname] = []
    var steps: [Nickname: (first: PresenceChange, last: PresenceChange)] = [:]
    for change in changes {
      if steps[change.name] == nil { names.append(change.name) }
      steps[change.name] = (steps[change.name]?.first ?? change, change)
    }
    var people: [Outcome: [Nickname]] = [:]
    var outcomes: [Outcome] = []
    for name in names {
      guard let (first, last) = steps[name] else { continue }
      let outcome = Outcome(first: first, last: last)
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

  private enum Outcome: String {
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

  /// What points at the entry: an arrow, where all went one way.
  static func label(_ changes: [PresenceChange]) -> String {
    if changes.allSatisfy(\.isJoining) { return "-->" }
    return changes.contains(where: \.isJoining) ? "<->" : "<--"
  }
}
