import ChatModel
import ChatProtocol
import TerminalTypes

/// The rooms of the server, largest first.
struct RoomList: ChoiceList {
  let rooms: [RoomListing]
  var choice = Choice()

  static let maximum = 5000

  init(_ rooms: [RoomListing]) {
    self.rooms = rooms.sorted { left, right in
      (right.people, left.name.folded) < (left.people, right.name.folded)
    }
  }

  // The user may have gone on typing instead of waiting for the list.
  var placement: OverlayPlacement { .alone }

  private var chosen: RoomListing? { rooms.indices.contains(choice.index) ? rooms[choice.index] : nil }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    if choice.move(key, count: rooms.count, page: context.layout.listPage()) { return .handled }
    switch context.action(for: key) {
    case .send:
      guard let room = chosen?.name else { return .closed }
      return .closed { $0.join(room) }
    case .quit: return .handled { $0.quit() }
    case .dismiss, .clearInput: return .closed
    case nil: return .closed { $0.pressWhileChatting(key) }
    default: return .handled
    }
  }

  func content(in interface: Interface) -> ListContent {
    let width = min(rooms.map(\.name.text.cellWidth).max() ?? 0, max(interface.size.columns / 3, 8))
    let digits = rooms.map { String($0.people).count }.max() ?? 1
    let names = Abbreviations(rooms.lazy.map(\.name.text), width: width)
    let items = rooms.map { room in
      let people = String(repeating: " ", count: digits - String(room.people).count) + String(room.people)
      let isOpen = interface.tabs.index(of: .room(room.name)) != nil
      return [
        [
          ListContent.Piece(
            column: 1, text: names.form(of: room.name.text, width: width), style: isOpen ? .bold : .plain),
          ListContent.Piece(column: width + 2, text: people, style: .dim),
          ListContent.Piece(column: width + 3 + digits, text: DisplayText.sanitize(room.topic), style: .dim),
        ]
      ]
    }
    return ListContent(
      title: "Rooms", state: items.isEmpty ? "there are none" : "\(items.count) with people and topic",
      keys: items.isEmpty ? "Esc: back" : "Enter: go in · Esc", items: items, choice: choice)
  }

  /// The limit for a topic: as much as the widest screen shows.
  fileprivate static let maximumTopicBytes = 512
}

extension RoomListing {
  /// The room with its topic cut to what a row can show.
  var shortened: RoomListing {
    RoomListing(name: name, people: people, topic: topic.shortened(toBytes: RoomList.maximumTopicBytes))
  }
}
