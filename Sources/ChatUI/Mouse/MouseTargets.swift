import ChatModel
import ChatProtocol
import TerminalTypes

/// The places of a drawn screen that react to the mouse. The program keeps those of the last screen that it drew, so
/// that a click refers to the screen that the user saw.
public struct MouseTargets: Hashable, Sendable, Codable {
  /// The later ones lie above the earlier ones.
  private(set) var areas: [MouseArea] = []
  /// The server that was on the screen.
  private(set) var endpoint: Endpoint?

  /// A screen without such places.
  public init() {}

  init(of endpoint: Endpoint) { self.endpoint = endpoint }

  mutating func add(_ subject: MouseSubject, in area: Layout.Area) {
    areas.append(MouseArea(area: area, subject: subject))
  }

  func subject(at position: Screen.Position) -> MouseSubject? {
    areas.last { $0.area.contains(position) }?.subject
  }
}

struct MouseArea: Hashable, Sendable, Codable {
  let area: Layout.Area
  let subject: MouseSubject
}

/// The subject of a click.
enum MouseSubject: Hashable, Sendable, Codable {
  case tab(TabPlace)
  /// A user in the list of users.
  case person(name: Nickname)
  /// The author of a message, at the name beside it.
  case author(name: Nickname)
  case link(String)
  /// An item of the open list.
  case item(Int)
  /// A candidate of the completion.
  case candidate(Int)
  /// Something that lies above other places and does not react.
  case nothing
}

extension Layout.Area {
  func contains(_ position: Screen.Position) -> Bool {
    position.row >= row && position.row - row < rows && position.column >= column && position.column - column < columns
  }
}

extension Interface {
  /// The places of the screen that `render` draws in this state.
  public var mouseTargets: MouseTargets {
    var targets = MouseTargets(of: servers.shown.endpoint)
    guard size.rows >= Layout.smallestRows, size.columns >= Layout.smallestColumns else { return targets }
    let layout = layout
    let overlay = overlays.top
    guard overlay?.takesClicks != false else { return targets }
    if overlay?.coversTabs != true { addTabs(to: &targets, in: layout) }
    if overlay?.coversPane != true {
      addMessages(to: &targets, in: layout.pane)
      if let area = layout.sidebar { addPeople(to: &targets, in: area) }
    }
    overlay?.addTargets(to: &targets, in: layout, of: self)
    if let popup = candidatePopup {
      let area = popup.area(in: layout)
      targets.add(.nothing, in: area)
      for (offset, candidate) in popup.visible(in: layout).enumerated() {
        let row = area.row + 1 + offset
        targets.add(.candidate(candidate), in: Layout.Area(row: row, column: 0, rows: 1, columns: area.columns))
      }
    }
    return targets
  }

  private func addTabs(to targets: inout MouseTargets, in layout: Layout) {
    let places = servers.allTabs.map(servers.place)
    for text in tabBar.texts(in: layout.tabBar, room: tabBarRoom(in: layout)) {
      guard let tab = text.tab, text.columns > 0 else { continue }
      targets.add(
        .tab(places[tab]),
        in: Layout.Area(row: layout.tabBar.row, column: text.column, rows: 1, columns: text.columns))
    }
  }

  private func addMessages(to targets: inout MouseTargets, in area: Layout.Area) {
    let page = walk(in: area).page(at: tabs.current.scroll)
    let first = area.row + area.rows - min(page.rows.count, area.rows)
    for (index, row) in page.rows.prefix(area.rows).enumerated() {
      for anchor in row.anchors {
        let columns = anchor.columns.clamped(to: 0..<area.columns)
        guard !columns.isEmpty else { continue }
        let subject: MouseSubject =
          switch anchor.subject {
          case .link(let address): .link(address)
          case .author(let name): .author(name: name)
          }
        targets.add(
          subject,
          in: Layout.Area(
            row: first + index, column: area.column + columns.lowerBound, rows: 1, columns: columns.count))
      }
    }
  }

  func addPeople(to targets: inout MouseTargets, in area: Layout.Area, choosing person: Nickname? = nil) {
    // The list may lie over messages, also where it is empty.
    targets.add(.nothing, in: area)
    for (index, person) in sidebar.visible(in: area, choosing: person).people.enumerated() {
      targets.add(
        .person(name: person.name),
        in: Layout.Area(row: area.row + index, column: area.column, rows: 1, columns: area.columns))
    }
  }
}
