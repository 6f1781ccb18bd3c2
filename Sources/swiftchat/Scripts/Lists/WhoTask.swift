import ChatModel
import ChatProtocol

/// Prints the people of a room.
struct WhoTask: ScriptTask {
  private let room: RoomName
  private let format: ListFormat
  private var link: ScriptLink
  private var rooms: RoomCheck

  let interests = ScriptInterests.people

  init(_ room: RoomName, format: ListFormat, link: ScriptLink) {
    self.room = room
    self.format = format
    self.link = link
    rooms = RoomCheck([.room(room)])
  }

  var deadline: MonotonicTime? { link.deadline }

  mutating func start(at time: ScriptTime) -> [ScriptAction] {
    link.wait(at: time)
    return []
  }

  mutating func timer(at time: ScriptTime) -> [ScriptAction] {
    guard link.isOver(at: time) else { return [] }
    // Some servers send no list of people.
    return [.end(ScriptEnd(.noConnection, link.silence))]
  }

  mutating func handle(_ event: ClientEvent, at time: ScriptTime) -> [ScriptAction] {
    if let end = link.note(event, at: time) { return [.end(end)] }
    switch event {
    case .online where room != .lobby:
      guard link.capabilities.contains(.rooms) else {
        return [.end(ScriptEnd(.refused, "\(link.endpoint) has only one room, #lobby"))]
      }
      return rooms.begin()
    case .rooms, .roomsFailed: return rooms.hear(event)
    case .joinFailed(room, let reason):
      return [.end(ScriptEnd(.refused, "\(room): \(reason.lowercasedSentence)"))]
    case .roster(room, let people):
      return people.map { .print(ScriptLine(text: format.line(of: $0))) } + [.end(.success)]
    default: return []
    }
  }
}
