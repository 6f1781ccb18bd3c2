import ChatProtocol
import TerminalTypes

/// Choosing a user in the list, which is beside the transcript or, without space for that, laid over it.
struct SidebarChoice: Overlay {
  /// By name, since the roster can change meanwhile.
  private(set) var person: Nickname

  init(_ person: Nickname) { self.person = person }

  var lifetime: OverlayLifetime { .untilTabChanges }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    let roster = context.interface.roster
    var choice = Choice(roster.listPlace(of: person))
    if choice.move(key, count: roster.count, page: max(context.layout.pane.rows - 2, 1)) {
      guard let found = roster.listed(choice.index..<choice.index + 1).first else { return .closed }
      person = found.name
      return .handled
    }
    switch context.action(for: key) {
    case .send:
      // A user who has just left is still the intended one.
      let name = roster[person]?.name ?? person
      return .closed {
        _ = $0.openTab(.person(name))
        return []
      }
    case .dismiss, .clearInput, .focusSidebar: return .closed
    case .toggleSidebar where context.layout.sidebar == nil: return .closed
    default: return .closed { $0.pressWhileChatting(key) }
    }
  }

  var wheel: WheelEffect { .movesChoice }

  private func area(in layout: Layout) -> Layout.Area {
    var area = layout.sidebar ?? layout.sidebarAbove
    if layout.sidebar == nil, area.columns > 2 {
      area.column += 1
      area.columns -= 2
    }
    return area
  }

  func isObsolete(in interface: Interface) -> Bool { interface.roster.count == 0 }

  func status(in interface: Interface) -> [StatusPart]? { [("↑ ↓ choose · Enter writes to them · Esc", .plain)] }

  func draw(on frame: inout Frame, in layout: Layout, of interface: Interface) {
    let whole = layout.sidebar ?? layout.sidebarAbove
    frame.screen.fill(whole)
    frame.mouseTargets.add(.nothing, in: whole)
    interface.sidebar.draw(on: &frame, in: area(in: layout), choosing: person)
  }
}
