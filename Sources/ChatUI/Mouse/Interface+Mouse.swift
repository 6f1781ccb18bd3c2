import ChatProtocol
import TerminalTypes

// The mouse.

extension Interface {
  /// The number of rows that the wheel scrolls.
  private static let wheelRows = 3

  /// - Parameter targets: of the screen that the user saw.
  mutating func take(_ event: MouseEvent, over targets: MouseTargets) -> [InterfaceCommand] {
    guard usesMouse, composition == nil else { return [] }
    hint = nil
    switch event.action {
    case .wheelUp: return turnWheel(up: true)
    case .wheelDown: return turnWheel(up: false)
    case .press:
      guard targets.endpoint == servers.shown.endpoint, let subject = targets.subject(at: event.position) else {
        return []
      }
      return click(subject)
    }
  }

  mutating func toggleMouse() -> [InterfaceCommand] {
    usesMouse.toggle()
    hint = usesMouse ? "the mouse is on; with Shift it selects text" : "the mouse is off"
    return [.useMouse(usesMouse)]
  }

  // MARK: Wheel

  private mutating func turnWheel(up: Bool) -> [InterfaceCommand] {
    switch overlays.top?.wheel ?? .scrollsPane {
    case .nothing: return []
    case .movesChoice:
      var commands: [InterfaceCommand] = []
      for _ in 0..<Self.wheelRows { commands += changeTop { $0.press(Key(up ? .up : .down), in: $1) } }
      return commands
    case .scrollsPane:
      scroll(byRows: up ? -Self.wheelRows : Self.wheelRows)
      return up ? reachForOlder() : []
    }
  }

  // MARK: Clicks

  private mutating func click(_ subject: MouseSubject) -> [InterfaceCommand] {
    switch subject {
    case .tab(let place):
      overlays.closeUnanswered()
      if let tab = servers.find(place) { select { $0.show(tab) } }
    case .person(let name):
      overlays.closeUnanswered()
      _ = openTab(.person(roster[name]?.name ?? name))
    case .author(let name): address(name)
    case .link(let address):
      guard preferences.opensLinks else {
        hint = "copied: \(address)"
        return [.copy(address)]
      }
      hint = "opening: \(address)"
      return [.openLink(address)]
    case .item(let index): return changeTop { $0.click(item: index, in: $1) }
    case .candidate(let index): if shownCompletion != nil { selectCandidate(index) }
    case .nothing: break
    }
    return []
  }

  /// Begins an answer to the author of a message: puts the name into the input.
  private mutating func address(_ name: Nickname) {
    guard name != self.name, overlays.isEmpty else { return }
    completion = nil
    tabs.current.putReturnedAside(at: now)
    let editor = tabs.current.editor
    let before = editor.characters[..<editor.cursor]
    let isFirst = before.isEmpty || before.last == "\n"
    let space = isFirst || before.last?.isWhitespace == true ? "" : " "
    if !tabs.current.editor.insert(space + name.text + (isFirst ? ": " : " ")) { hint = "the input is full" }
  }
}

/// The effect of the wheel on an overlay.
enum WheelEffect {
  /// It scrolls the transcript.
  case scrollsPane
  /// It moves the selection, or scrolls, like the arrow keys.
  case movesChoice
  case nothing
}
