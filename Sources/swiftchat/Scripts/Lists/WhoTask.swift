import ChatModel
import ChatProtocol

/// Prints the people of a room.
struct WhoTask: ScriptTask {
  private let room: RoomName
  private let format: ListFormat
  var link: ScriptLink
  private var rooms: RoomCheck

  let interests = ScriptInterests.people

  init(_ room: RoomName, format: ListFormat, link: ScriptLink) {
    self.room = room
    self.format = format
    self.link = link
    rooms = RoomCheck([.room(room)])
  }

  mutating func handle(_ event: ClientEvent, at time: ScriptTime) -> [ScriptAction] {
    if let end = link.note(event, at: time) { return [.end(end)] }
    switch event {
    case .online where room != .lobby:
      guard link.capabilities.contains(.rooms) else {
        return [.end(link.oneRoom)]
      }
      return rooms.begin()
    case .rooms, .roomsFailed, .roomsUnanswered: return rooms.hear(event)
    case .joinFailed(room, let reason):
      return [.end(ScriptEnd(.refused, "\(room): \(reason.lowercasedSentence)"))]
    case .roster(room, let people):
      return people.map { .print(ScriptLine(text: format.line(of: $0))) } + [.end(.success)]
    default: return []
    }
  }
}
