import ChatModel
import ChatProtocol

/// Prints the rooms of a server.
struct RoomsTask: ScriptTask {
  private let format: ListFormat
  private var link: ScriptLink

  let interests = ScriptInterests.rooms

  init(format: ListFormat, link: ScriptLink) {
    self.format = format
    self.link = link
  }

  var deadline: MonotonicTime? { link.deadline }

  mutating func start(at time: ScriptTime) -> [ScriptAction] {
    link.wait(at: time)
    return []
  }

  mutating func timer(at time: ScriptTime) -> [ScriptAction] {
    link.isOver(at: time) ? [.end(ScriptEnd(.noConnection, link.silence))] : []
  }

  mutating func handle(_ event: ClientEvent, at time: ScriptTime) -> [ScriptAction] {
    if let end = link.note(event, at: time) { return [.end(end)] }
    switch event {
    case .online:
      guard link.capabilities.contains(.rooms) else {
        return [.end(ScriptEnd(.refused, "\(link.endpoint) has only one room, #lobby"))]
      }
      return [.command(.listRooms)]
    case .rooms(let rooms): return rooms.map { .print(ScriptLine(text: format.line(of: $0))) } + [.end(.success)]
    // After a lost connection, the list is requested again.
    case .roomsFailed(let reason) where link.isOnline:
      return [.end(ScriptEnd(.refused, reason.lowercasedSentence))]
    default: return []
    }
  }
}
