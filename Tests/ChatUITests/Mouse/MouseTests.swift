import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct MouseTests {
  private let dev = RoomName(testing: "#dev")

  /// A room with links and names, and two other tabs; the mouse is on.
  private func harness(_ columns: Int, _ rows: Int, opensLinks: Bool = false) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["marco", "zoe"])
    harness.receive(.roomJoined(dev))
    harness.receive(.roster(dev, ["marco", "neha", "zoe"].map { Person(Nickname(testing: $0)) }))
    harness.receiveDirectMessage(from: "zoe", "psst")
    var preferences = Preferences()
    (preferences.usesMouse, preferences.opensLinks) = (true, opensLinks)
    harness.update(.preferences(preferences))
    for number in 1...40 { harness.receiveMessage(from: "marco", "line \(number)", in: "#dev") }
    harness.receiveMessage(
      from: "zoe", "see https://ci.example.org/builds/4711/log?step=integration#L2203 and http://b.example", in: "#dev")
    harness.press("Alt+2")
    _ = harness.takeCommands()
    return harness
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 10)])
  func `a click hits what is drawn`(columns: Int, rows: Int) {
    var harness = harness(columns, rows)
    harness.click("1 #lobby")
    #expect(harness.interface.tabs.currentIndex == 0)
    harness.click("3 @zoe")
    #expect(harness.interface.tabs.currentIndex == 2)
    harness.click("#dev")
    #expect(harness.interface.tabs.currentIndex == 1)
    harness.click("https://ci")
    #expect(harness.takeCommands().contains(.copy("https://ci.example.org/builds/4711/log?step=integration#L2203")))
    #expect(harness.statusRow.hasPrefix(" copied: https://ci.example.org/build"))
    // The part of a wrapped link in another row.
    harness.click("2203")
    #expect(harness.takeCommands().contains(.copy("https://ci.example.org/builds/4711/log?step=integration#L2203")))
    harness.click("²")
    #expect(harness.takeCommands().contains(.copy("http://b.example")))
    harness.click("see")
    #expect(harness.takeCommands().isEmpty, "text does not react")
    harness.click("zoe", fromRow: harness.interface.layout.pane.row)
    // At this width the list of people is on the screen, and comes first.
    #expect(harness.input == (columns >= 100 ? "" : "zoe: "))
    #expect(harness.interface.tabs.current.target == (columns >= 100 ? Target(testing: "@zoe") : .room(dev)))
  }

  @Test
  func `a click on a tab keeps the question for a name`() {
    var harness = harness(80, 24)
    harness.receive(.nameRefused(Nickname(testing: "neha"), .taken, suggestion: nil))
    harness.advanceClock(by: 2)
    #expect(harness.interface.overlays.top is NamePrompt)
    harness.click("1 #lobby")
    #expect(harness.interface.overlays.top is NamePrompt)
    harness.goOnline()
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `a link is opened if a program is set`() {
    var harness = harness(80, 24, opensLinks: true)
    harness.click("http://b")
    #expect(harness.takeCommands().contains(.openLink("http://b.example")))
  }

  @Test
  func `a click on the author of a message addresses the author`() {
    var harness = harness(80, 24)
    harness.click("marco")
    #expect(harness.input == "marco: ")
    harness.type("and")
    harness.click("zoe", fromRow: 2)
    #expect(harness.input == "marco: and zoe ")
    harness.press("Ctrl+_")
    #expect(harness.input == "marco: and")
    harness.enter("!")
    harness.receiveMessage(from: "neha", "marco: and!", in: "#dev", answering: SendID(1))
    harness.click("neha", fromRow: 10)
    #expect(harness.input.isEmpty, "one's own name")
  }

  @Test
  func `a click on a person in the list opens a conversation`() {
    var harness = harness(120, 24)
    harness.click("● marco")
    #expect(harness.interface.tabs.current.target == Target(testing: "@marco"))
    harness = self.harness(80, 24)
    harness.press("F8")
    harness.click("● zoe")
    #expect(harness.interface.tabs.current.target == Target(testing: "@zoe"))
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 10)])
  func `the wheel scrolls the pane, and requests older messages`(columns: Int, rows: Int) {
    var harness = harness(columns, rows)
    harness.receiveHead("#dev", head: 100, mark: 100)
    _ = harness.takeCommands()
    let bottom = harness.pane
    harness.turnWheel(up: true)
    #expect(harness.statusRow.contains("▼"))
    #expect(harness.pane.dropLast(3).last == bottom.dropLast(6).last || harness.pane != bottom)
    harness.turnWheel(up: false)
    #expect(harness.pane == bottom)
    for _ in 1...20 { harness.turnWheel(up: true) }
    #expect(harness.takeCommands().contains { if case .client(.showOlder) = $0 { true } else { false } })
    #expect(harness.input.isEmpty, "no input history")
  }

  @Test(arguments: [(80, 12), (40, 10)])
  func `the wheel and clicks choose from a list`(columns: Int, rows: Int) {
    var harness = harness(columns, rows)
    harness.enter("/search line")
    let found = (1...30).reversed().map { ChatMessage.numbered($0, in: "#dev") }
    harness.receive(.found(1, found, hasMore: true))
    _ = harness.takeCommands()
    harness.turnWheel(up: false)
    #expect(harness.interface.search.results?.choice.index == 3)
    for _ in 1...10 { harness.turnWheel(up: false) }
    #expect(harness.takeCommands() == [.client(.search(1, in: nil, text: "line", before: 1))])
    for _ in 1...20 { harness.turnWheel(up: true) }
    let text = columns >= 60 ? "29" : "zoe: 29"
    harness.click(text, fromRow: 2)
    #expect(harness.interface.search.results?.choice.index == 1)
    harness.click(text, fromRow: 2)
    #expect(harness.interface.overlays.isEmpty, "a click on the selected row is like Enter")
    harness.press("F1")
    let help = harness.screen.rows[1]
    harness.turnWheel(up: false)
    #expect(harness.screen.rows[1] != help)
    harness.click("1 #lobby")
    #expect(harness.interface.overlays.isEmpty && harness.interface.tabs.currentIndex == 0)
  }

  @Test
  func `clicks and the wheel answer no question and remove no message`() {
    var harness = harness(80, 24)
    harness.paste("1\n2\n3\n4\n5\n6\n7")
    harness.press("Enter")
    #expect(harness.interface.overlays.top is SendQuestion)
    for row in 0..<24 { for column in stride(from: row, to: 80, by: 9) { harness.click(row: row, column: column) } }
    harness.turnWheel(up: true)
    #expect(harness.interface.overlays.top is SendQuestion)
    #expect(harness.takeSends().isEmpty)
    var own = InterfaceHarness.online(80, 12, isOperator: true)
    own.press("Alt+M")
    own.receiveHead(head: 0)
    own.receiveMessage(from: "zoe", "spam", sequence: 1)
    own.enter("/remove")
    _ = own.takeCommands()
    for _ in 1...5 { own.click("spam") }
    #expect(own.takeCommands().isEmpty)
    #expect(own.interface.overlays.top is RedactionList)
  }

  @Test
  func `Alt+M switches the mouse, and reports that come while it is off do nothing`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    for number in 1...40 { harness.receiveMessage(from: "zoe", "http://a.example/\(number)") }
    _ = harness.takeCommands()
    let screen = harness.screen
    harness.click("http://a.example/40")
    harness.turnWheel(up: true)
    #expect(harness.takeCommands().isEmpty && harness.screen == screen)
    harness.press("Alt+M")
    #expect(harness.takeCommands() == [.useMouse(true)])
    #expect(harness.statusRow == " the mouse is on; with Shift it selects text")
    harness.turnWheel(up: true)
    #expect(harness.statusRow.contains("▼"))
    harness.press("Alt+M")
    #expect(harness.takeCommands() == [.useMouse(false)])
    var preferences = Preferences()
    preferences.usesMouse = true
    harness.update(.preferences(preferences))
    #expect(harness.takeCommands() == [.useMouse(true)])
    harness.press("Alt+M")
    preferences.linesWithoutAsking = 3
    harness.update(.preferences(preferences))
    #expect(harness.takeCommands() == [.useMouse(false)], "the key was pressed since")
  }

  @Test
  func `a click hits what was drawn, even if the screen has changed since`() {
    var harness = harness(80, 24)
    let targets = harness.interface.render().mouseTargets
    let place = harness.position(of: "http://b")
    harness.receiveMessage(from: "zoe", "http://evil.example", in: "#dev")
    harness.receiveMessage(from: "zoe", "http://evil.example", in: "#dev")
    harness.update(.mouse(MouseEvent(.press, at: place), over: targets))
    #expect(harness.takeCommands().contains(.copy("http://b.example")))
    harness.enter("/close")
    harness.update(.mouse(MouseEvent(.press, at: Screen.Position(row: 0, column: 12)), over: targets))
    #expect(harness.interface.tabs.tabs.count == 2, "the tab is gone")
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 10)])
  func `a click on a tab of another server goes there`(columns: Int, rows: Int) throws {
    var harness = try InterfaceHarness.withTwoServers(columns, rows)
    harness.press("Alt+M")
    let targets = harness.interface.render().mouseTargets
    harness.click("3 #lobby")
    #expect(harness.place == "home/#lobby")
    harness.click("2 #dev")
    #expect(harness.place == "work/#dev")
    // A person of the server that was on the screen is not looked for on another one.
    harness.press("Alt+3")
    for area in targets.areas {
      if case .person = area.subject { harness.click(row: area.area.row, column: area.area.column, over: targets) }
    }
    #expect(harness.place == "home/#lobby")
  }

  @Test
  func `places outside the screen are ignored`() {
    var harness = harness(80, 24)
    let screen = harness.screen
    for number in [-1, .min, .max, 24, 80, 10_000_000] {
      for other in [-1, 0, .max] {
        harness.click(row: number, column: other)
        harness.click(row: other, column: number == 24 ? 80 : number)
      }
    }
    harness.press("Alt+2")
    #expect(harness.screen.rows == screen.rows)
  }

  /// A recording may contain any places.
  @Test(arguments: [-1, .min, 3, 1000, .max - 1, .max])
  func `a click on an item that a list does not have does nothing`(item: Int) {
    var harness = harness(80, 24)
    harness.press("Ctrl+O")
    let screen = harness.screen
    var targets = MouseTargets(of: .local)
    targets.add(.item(item), in: Layout.Area(row: 0, column: 0, rows: .max, columns: .max))
    harness.click(row: 3, column: 3, over: targets)
    #expect(harness.screen == screen)
    harness.press("↓", "PgDn")
    #expect(harness.interface.overlays.top is LinkList)
    #expect(harness.takeCommands().isEmpty)
  }

  @Test
  func `a place may have any numbers`() {
    let numbers = [Int.min, -1, 0, 1, .max]
    for number in numbers {
      for other in numbers {
        let area = Layout.Area(row: number, column: other, rows: other, columns: number)
        for place in numbers {
          #expect(!area.contains(Screen.Position(row: place, column: -1)))
          _ = area.contains(Screen.Position(row: place, column: place))
        }
      }
    }
  }

  /// Random screens: each place shows what it stands for.
  @Test(.computing)
  func `every place that reacts shows its subject`() {
    var random = SeededGenerator()
    for _ in 0..<30 {
      var harness = InterfaceHarness.online(random.number(20...160), random.number(4...50), with: ["zoe", "marco"])
      harness.press("Alt+M")
      for _ in 0..<random.number(0...12) { harness.enter("/dm person\(random.number(0...20))") }
      for _ in 0..<random.number(0...30) {
        let link = random.flip() ? " http://x.example/" + String(repeating: "é", count: random.number(1...90)) : ""
        harness.receiveMessage(from: random.pick(["zoe", "marco", "a_very_long_name"]), random.text(upTo: 30) + link)
      }
      if random.flip() { harness.press("Alt+1") }
      if random.flip() { harness.press("PgUp") }
      if random.number(0...3) == 0 { harness.press(random.pick(["F6", "Ctrl+G", "Ctrl+O", "F1", "Alt+L"])) }
      let screen = harness.screen
      let targets = harness.interface.render().mouseTargets
      for area in targets.areas {
        let place = area.area
        #expect(place.row >= 0 && place.column >= 0 && place.rows > 0 && place.columns > 0, "\(random)")
        #expect(place.row + place.rows <= screen.size.rows, "\(random)")
        #expect(place.column + place.columns <= screen.size.columns, "\(random)")
        // Another place may lie over a part of this one.
        let columns = (place.column..<place.column + place.columns).filter {
          targets.subject(at: Screen.Position(row: place.row, column: $0)) == area.subject
        }
        let text = String(columns.compactMap { screen[place.row, $0].character })
        switch area.subject {
        case .tab(let tab):
          let index = harness.interface.tabs.index(of: tab.target) ?? -1
          #expect(text.contains("\(index + 1) ") || columns.count < 3, "\(random): \(text)")
        case .link(let address):
          // Characters that cannot be drawn are replaced.
          let sure = { (text: String) in text.filter { $0.isASCII || $0 == "é" } }
          #expect(sure(text).isEmpty || sure(address).contains(sure(text)), "\(random): \(text)")
        case .author(let name), .person(let name):
          let shown = text.filter { !" ●○◌…:*".contains($0) }
          #expect(
            shown.isEmpty || name.text.contains(shown.prefix(3)) || shown.contains(name.text), "\(random): \(text)")
        case .nothing, .candidate: break
        case .item: #expect(harness.interface.overlays.top is any ListOverlay, "\(random)")
        }
      }
    }
  }
}
