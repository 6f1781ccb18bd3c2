import ChatModel
import ChatProtocol
import TerminalTypes

/// A drawn screen, and the places on it that react to the mouse.
public struct Frame: Hashable, Sendable {
  public var screen: Screen
  public var mouseTargets: MouseTargets
}

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

  mutating func removeAll() { areas = [] }

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
    // An area of a recording may have any numbers.
    row >= 0 && column >= 0 && position.row >= row && position.row - row < rows && position.column >= column
      && position.column - column < columns
  }
}
