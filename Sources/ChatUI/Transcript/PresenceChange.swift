import ChatProtocol

/// Somebody came or went.
enum PresenceChange: Hashable, Sendable {
  case joined(Nickname)
  case left(Nickname, reason: String)

  /// So many are told in one entry.
  static let perEntry = 12
  /// Milliseconds within which changes are told in one entry.
  static let togetherWithin: Int64 = 300_000

  private var name: Nickname {
    switch self {
    case .joined(let name), .left(let name, _): name
    }
  }

  private var isJoining: Bool {
    if case .joined = self { true } else { false }
  }

  /// `neha, zoe joined · akash left`; a reason only where one person left alone.
  static func describe(_ changes: [PresenceChange]) -> String {
    var parts: [String] = []
    var rest = changes[...]
    while let first = rest.first {
      let run = rest.prefix { $0.isJoining == first.isJoining }
      rest = rest.dropFirst(run.count)
      let names = run.map(\.name.text).joined(separator: ", ")
      if case .left(_, let reason) = first, run.count == 1, !reason.isEmpty {
        parts.append("\(names) left (\(reason))")
      } else {
        parts.append(names + (first.isJoining ? " joined" : " left"))
      }
    }
    return parts.joined(separator: " · ")
  }

  /// What points at the entry: an arrow, where all went one way.
  static func label(_ changes: [PresenceChange]) -> String {
    if changes.allSatisfy(\.isJoining) { return "-->" }
    return changes.contains(where: \.isJoining) ? "<->" : "<--"
  }
}
