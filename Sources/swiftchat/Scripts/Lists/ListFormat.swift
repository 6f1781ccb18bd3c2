import ChatModel
import ChatProtocol
import CommandSupport

/// The output format of `who` and `rooms`: a line per entry, with tabs between the columns, or in JSON.
struct ListFormat {
  var isJSON: Bool
  let server: String

  func line(of person: Person) -> String {
    let away = person.away
    if isJSON {
      return json(ListedPerson(away: away, guest: person.isGuest, name: person.name.text, server: server))
    }
    return columns([person.name.text, away == nil ? "here" : "away", away ?? ""])
  }

  func line(of room: RoomListing) -> String {
    if isJSON {
      return json(ListedRoom(name: room.name.text, people: room.people, server: server, topic: room.topic))
    }
    return columns([room.name.text, String(room.people), room.topic])
  }

  private func json(_ entry: some Encodable) -> String { (try? entry.jsonLine) ?? "{}" }

  /// Empty columns at the end are left out.
  private func columns(_ texts: [String]) -> String {
    let filled = texts.lastIndex { !$0.isEmpty } ?? 0
    return texts.prefix(filled + 1).map { DisplayText.sanitize($0) }.joined(separator: "\t")
  }
}

private struct ListedPerson: Encodable {
  let away: String?
  let guest: Bool
  let name: String
  let server: String
}

private struct ListedRoom: Encodable {
  let name: String
  let people: Int
  let server: String
  let topic: String
}
