import ChatModel
import ChatProtocol

/// Prints the rooms of a server.
struct RoomsTask: ScriptTask {
  private let format: ListFormat
  var link: ScriptLink

  let interests = ScriptInterests.rooms

  init(format: ListFormat, link: ScriptLink) {
    self.format = format
    self.link = link
  }

  mutating func handle(_ event: ClientEvent, at time: ScriptTime) -> [ScriptAction] {
    if let end = link.note(event, at: time) { return [.end(end)] }
    switch event {
    case .online:
      guard link.capabilities.contains(.rooms) else {
        return [.end(link.oneRoom)]
      }
      return [.command(.listRooms)]
    case .rooms(let rooms): return rooms.map { .print(ScriptLine(text: format.line(of: $0))) } + [.end(.success)]
    case .roomsFailed(let reason): return [.end(ScriptEnd(.refused, reason.lowercasedSentence))]
    // After a lost connection, the list is requested on the next one.
    case .roomsUnanswered(_, isOnline: true): return [.command(.listRooms)]
    default: return []
    }
  }
}
