import ChatProtocol
import ChatRecords

extension Rooms {
  /// The list ends after this many bytes of names and topics, so that it fits into a session's send queue.
  private static let maximumListBytes = 256 * 1024
  /// The approximate size of a line without name and topic.
  private static let lineBytes = 24

  struct Listing {
    var lines: [(line: ServerMessage, isPrivate: Bool)] = []
    var hasMore = false
  }

  /// The rooms that the caller may know of, first those with members.
  /// - Parameter peopleCount: the number of members in the lobby.
  func listing(for caller: Caller, peopleCount: Int, _ registry: Registry) -> Listing {
    var listing = Listing()
    var bytes = 0
    for isLively in [true, false] {
      for room in entries {
        let people = room.key == .lobby ? peopleCount : room.value.people.count
        guard (people > 0) == isLively else { continue }
        let isPrivate = registry.isPrivate(room.key)
        if isPrivate, !registry.admits(caller, to: room.key) { continue }
        guard bytes < Self.maximumListBytes else {
          listing.hasMore = true
          break
        }
        let topic = room.value.topic?.text ?? ""
        bytes += Self.lineBytes + room.key.text.utf8.count + topic.utf8.count
        listing.lines.append((.room(room.key, people: people, topic: topic), isPrivate))
      }
    }
    return listing
  }
}
