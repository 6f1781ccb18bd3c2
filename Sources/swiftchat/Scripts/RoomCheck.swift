import ChatModel
import ChatProtocol

/// Joins the rooms that a script reads, after checking that they exist, because joining creates a missing room.
struct RoomCheck {
  /// The rooms besides the lobby.
  let others: [RoomName]
  private var isDone = false

  init(_ targets: [Target]) {
    others = targets.compactMap { target in
      guard case .room(let room) = target, room != .lobby else { return nil }
      return room
    }
  }

  /// The session is online. After a lost connection the session joins the rooms again without a command.
  func begin() -> [ScriptAction] {
    others.isEmpty || isDone ? [] : [.command(.listRooms)]
  }

  /// The list of rooms has arrived, is not available, or is still missing.
  mutating func hear(_ event: ClientEvent) -> [ScriptAction] {
    guard !isDone else { return [] }
    // After a lost connection, the next one begins again.
    if case .roomsUnanswered(_, let isOnline) = event { return isOnline ? begin() : [] }
    if case .rooms(let listed) = event, !listed.isEmpty, listed.count < Self.largestList {
      let names = Set(listed.map(\.name))
      if let missing = others.first(where: { !names.contains($0) }) {
        return [.end(ScriptEnd(.nobody, "there is no room \(missing), or it is for invited people only"))]
      }
    }
    isDone = true
    return others.map { .command(.join($0)) }
  }

  /// A longer list may be incomplete.
  private static let largestList = 500
}
