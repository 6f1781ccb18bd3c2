import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Copying links and text.
@Suite
struct CopyingTests {
  private func harness(_ columns: Int, _ rows: Int) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["zoe"])
    harness.receiveMessage(from: "zoe", "the old one: https://old.example/path")
    for number in 1...10 { harness.receiveMessage(from: "zoe", "\(number)") }
    harness.receiveMessage(from: "zoe", "see https://a.example/x, or https://b.example/y")
    harness.receiveMessage(from: "zoe", "```\n  let x = 1\n\n  let y = 2\n```")
    return harness
  }

  private func copied(_ harness: inout InterfaceHarness) -> [String] {
    harness.takeCommands().compactMap { if case .copy(let text) = $0 { text } else { nil } }
  }

  @Test(arguments: [(80, 12), (40, 10)])
  func `a link is chosen from those in view and then older ones, and copied whole`(columns: Int, rows: Int) {
    var harness = harness(columns, rows)
    harness.press("Ctrl+O")
    #expect(harness.screen.rows[1] == " Links  3 found")
    #expect(harness.screen.rows[2] == " 1 https://a.example/x")
    #expect(harness.screen.rows[3] == " 2 https://b.example/y")
    #expect(harness.screen.rows[4] == "   https://old.example/path")
    harness.press("2")
    #expect(copied(&harness) == ["https://b.example/y"])
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.statusRow == " copied: https://b.example/y")
    harness.press("Ctrl+O", "End", "Enter")
    #expect(copied(&harness) == ["https://old.example/path"])
    harness.press("Ctrl+O", "9", "0", "Esc")
    #expect(copied(&harness).isEmpty)
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `a link is opened if a program for links is set`() {
    var harness = harness(80, 12)
    harness.press("Ctrl+O")
    #expect(harness.statusRow == " Enter: copy · 1 to 9: copy that one · Esc")
    harness.press("o")
    #expect(!harness.takeCommands().contains { if case .openLink = $0 { true } else { false } })
    harness.press("Esc")
    var preferences = Preferences()
    preferences.opensLinks = true
    harness.update(.preferences(preferences))
    harness.press("Ctrl+O", "↓")
    #expect(harness.statusRow == " Enter: copy · 1 to 9: copy that one · o: open · Esc")
    harness.press("o")
    #expect(harness.takeCommands().contains(.openLink("https://b.example/y")))
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.statusRow == " opening: https://b.example/y")
  }

  @Test(arguments: [(80, 12), (40, 10), (120, 40)])
  func `the screen has the whole address for each part of a link, and none below what covers it`(
    columns: Int, rows: Int
  ) {
    var harness = InterfaceHarness.online(columns, rows, with: ["zoe", "zack"])
    let address = "https://a.example/" + String(repeating: "path/", count: 20) + "end"
    harness.receiveMessage(from: "zoe", "see \(address), and http://b.example")
    let screen = harness.screen
    func text(_ link: Screen.Link) -> String {
      String(link.columns.compactMap { screen[link.row, $0].character }.filter { !"¹²".contains($0) })
    }
    let parts = screen.links.filter { $0.address == address }
    #expect(parts.map(text).joined() == address)
    #expect(Set(parts.map(\.row)).count > 1)
    #expect(screen.links.filter { $0.address != address }.map(text).joined() == "http://b.example")
    harness.type("z")
    harness.press("Tab")
    let last = harness.screen.links.map(\.row).max() ?? 0
    #expect(last < harness.interface.layout.status.row - 3)
    harness.press("Esc", "F1")
    #expect(harness.screen.links.isEmpty)
  }

  @Test
  func `without links there is no list`() {
    var harness = InterfaceHarness.online(80, 12)
    harness.press("Ctrl+O")
    #expect(harness.statusRow == " no links here")
    harness.enter("/dm zoe")
    harness.press("Ctrl+O")
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `the bare view has only the text, in whole lines`() {
    var harness = harness(80, 10)
    harness.press("Alt+L")
    harness.expectScreen(
      """
      9
      10
      see https://a.example/x, or https://b.example/y
      ```
        let x = 1

        let y = 2
      ```
       text only, to copy · PgUp: older · any other key: back
       #lobby›
      """)
    harness.press("PgUp", "PgUp")
    #expect(harness.screen.rows.contains("1"))
    harness.press("x")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.input.isEmpty)
  }

  @Test(.computing)
  func `the bare view cuts only the lines that it shows`() {
    var random = SeededGenerator()
    for _ in 0..<200 {
      let view = BareView((0..<random.number(0...30)).map { _ in random.text(upTo: 40) })
      let width = random.number(2...60)
      let all = view.lines.flatMap { $0.cut(to: width) }
      let count = random.number(0...60)
      let rows = view.rows(atLeast: count, width: width)
      #expect(rows == Array(all.suffix(rows.count)), "\(random)")
      #expect(rows.count >= min(count, all.count), "\(random)")
      let longest = view.lines.map { $0.cut(to: width).count }.max() ?? 0
      #expect(rows.count < count + max(longest, 1), "\(random)")
    }
    // Scrolling ends at the first row, on a larger screen too.
    var harness = InterfaceHarness.online(20, 10, with: ["zoe"])
    for number in 1...30 { harness.receiveMessage(from: "zoe", "\(number) " + String(repeating: "x", count: 70)) }
    harness.press("Alt+L", "Home")
    harness.resize(80, 10)
    #expect(harness.screen.rows[0].hasPrefix("1 x") || harness.screen.rows[0].hasPrefix("connected"))
    let top = harness.screen.rows
    harness.press("↓")
    #expect(Array(harness.screen.rows.prefix(7)) == Array(top[1..<8]))
    for _ in 1...50 { harness.press("PgUp") }
    #expect(harness.screen.rows == top)
  }

  @Test
  func `/share shows the command for others in one line, and copies it`() {
    var harness = InterfaceHarness.online(120, 10)
    let line = "swiftchat connect 'swiftchat://192.0.2.7:4000/?pin=\(String(repeating: "A", count: 43))'"
    harness.update(.host(.started(invitation: line)))
    _ = harness.takeCommands()
    harness.enter("/share")
    #expect(copied(&harness) == [line])
    #expect(harness.screen.rows.contains(line))
    harness.press("Esc")
    #expect(harness.interface.overlays.isEmpty)
    var guest = InterfaceHarness.online(80, 10)
    guest.enter("/share")
    #expect(copied(&guest) == ["swiftchat connect localhost:4000"])
    #expect(guest.screen.rows.contains("localhost leads only to this machine: others need its address instead"))
    // With the pin that the server has proved, so that the first connection of others is verified.
    let pin = Pin.testing(1)
    let standing = Standing(isEncrypted: true, pin: pin)
    var verified = InterfaceHarness.online(120, 10)
    verified.receive(.online(Nickname(testing: "neha"), capabilities: .all, standing: standing))
    verified.enter("/share")
    #expect(copied(&verified) == ["swiftchat connect \"swiftchat://localhost:4000/?pin=\(pin)\""])
    // All hosts of a server, not only the one that is connected.
    let list = Endpoint(testing: "a.example.org,b.example.org:4001")
    var several = InterfaceHarness.online(80, 10)
    several.receive(.connecting(list, attempt: 1))
    several.receive(.reached(list.hosts[1]))
    several.receive(.online(Nickname(testing: "neha"), capabilities: .all))
    #expect(several.pane.contains { $0.contains("connected to b.example.org:4001 as neha") })
    several.enter("/share")
    #expect(copied(&several) == ["swiftchat connect a.example.org:4000,b.example.org:4001"])
    #expect(!several.screen.rows.contains { $0.contains("only to this machine") })
  }

  @Test
  func `Alt+J goes to a tab by its number`() {
    var harness = InterfaceHarness.online(80, 10)
    for number in 1...12 { harness.enter("/dm person\(number)") }
    func current() -> Int { harness.interface.tabs.currentIndex + 1 }
    harness.press("Alt+J", "5")
    #expect(current() == 13, "every number takes Enter")
    harness.press("Enter")
    #expect(current() == 5)
    harness.press("Alt+J", "1", "3", "Enter")
    #expect(current() == 13)
    harness.press("Alt+J", "1", "Enter")
    #expect(current() == 1)
    harness.press("Alt+J", "9", "Enter", "Alt+J", "1", "Esc")
    #expect(current() == 9)
    harness.press("Alt+J", "1", "9", "Enter")
    #expect(current() == 9)
    #expect(harness.statusRow == " there is no tab 19")
  }

  @Test
  func `the Enter after the number of a tab does not send the draft of that tab`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe"])
    harness.enter("/dm zoe")
    harness.type("a draft")
    harness.press("Alt+1", "Alt+J", "2", "Enter")
    #expect(harness.interface.tabs.currentIndex == 1)
    #expect(harness.input == "a draft")
    #expect(harness.takeSends().isEmpty)
  }

  @Test
  func `Alt+A returns to where it began`() {
    var harness = InterfaceHarness.online(80, 10)
    for name in ["kim", "lee", "zoe"] { harness.enter("/dm \(name)") }
    func current() -> Int { harness.interface.tabs.currentIndex + 1 }
    harness.press("Alt+3")
    harness.receiveDirectMessage(from: "kim", "psst")
    harness.receiveMessage(from: "zoe", "hi")
    harness.press("Alt+A")
    #expect(current() == 2)
    harness.press("Alt+A")
    #expect(current() == 1)
    harness.press("Alt+A")
    #expect(current() == 3)
    harness.press("Alt+A")
    #expect(current() == 1, "nothing began anywhere")
    harness.receiveDirectMessage(from: "kim", "psst")
    harness.press("Alt+3", "Alt+A", "Alt+4", "Alt+A")
    #expect(current() == 1, "the user went elsewhere since")
  }
}
