import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The list of search results after it was left.
@Suite
struct SearchResultTests {
  /// Results 1 to 20 in `#garden`, whose messages are loaded, and 21 to 30 in the lobby, whose are not.
  private func searched(_ columns: Int, _ rows: Int, hasMore: Bool = false) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows)
    harness.receive(.roomJoined(RoomName(testing: "#garden")))
    harness.receiveHead("#garden", head: 100, mark: 100)
    harness.receive(.older(.garden, .found(1...100, in: "#garden").reversed(), hasMore: false))
    harness.enter("/search full")
    harness.receive(.found(1, [ChatMessage].found(81...100, in: "#garden") + .found(1...10), hasMore: hasMore))
    _ = harness.takeCommands()
    return harness
  }

  private func marked(_ harness: InterfaceHarness) -> String? {
    harness.pane.first { $0.contains("▶") }.flatMap {
      $0.split(separator: "▶").last.map { $0.dropFirst(1).description }
    }
  }

  @Test
  func `the list opens again with its selection, at 80 by 9`() {
    var harness = searched(80, 9)
    for _ in 1...4 { harness.press("↓") }
    let list = harness.screen.rows
    harness.press("Enter")
    harness.expectScreen(
      """
       1 #lobby  2 #garden
       11:02  zoe     disk full, 93
                      disk full, 94
                      disk full, 95
       11:02  zoe   ▶ disk full, 96
                      disk full, 97
                      disk full, 98
       ▼ 2 below · result 5 of 30, F3 next, Alt+S list                        F1 help
       #garden›
      """)
    harness.press("Alt+S")
    #expect(Array(harness.screen.rows[1...]) == Array(list[1...].dropLast()) + [" #garden›"])
    harness.press("Esc", "Alt+1")
    harness.type("other keys and tabs leave it as it is")
    harness.press("Alt+S", "Enter")
    #expect(marked(harness) == "disk full, 96")
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 10)])
  func `keys go to the next and previous result, also in another tab`(columns: Int, rows: Int) {
    var harness = searched(columns, rows)
    harness.press("Enter")
    #expect(marked(harness)?.hasSuffix("disk full, 100") == true)
    harness.press("F3", "F3", "Shift+F3")
    #expect(harness.statusRow.contains("result 2 of 30"))
    #expect(harness.screen.rows.contains { $0.contains("▶") && $0.contains("disk full, 99") })
    for _ in 1...18 { harness.press("F3") }
    #expect(harness.statusRow.contains("result 20 of 30"))
    harness.press("F3")
    #expect(harness.interface.tabs.currentIndex == 0)
    harness.press("Shift+F3")
    #expect(harness.interface.tabs.current.target == .garden)
    for _ in 1...40 { harness.press("Shift+F3") }
    #expect(harness.statusRow == " the first result")
    harness.press("Alt+1", "Alt+P")
    #expect(!harness.statusRow.contains("result"), "this tab shows no result")
  }

  @Test
  func `the next result is requested if the last one was reached without the key for it`() {
    for isStopped in [false, true] {
      var harness = InterfaceHarness.online(80, 9)
      harness.enter("/search full")
      harness.receive(.found(1, .found(7...7), hasMore: !isStopped, stoppedBefore: isStopped ? 500 : nil))
      _ = harness.takeCommands()
      harness.press("Enter")
      _ = harness.takeCommands()
      harness.press("F3")
      let requests = harness.takeCommands()
      #expect(requests.count == 1 && "\(requests)".contains("search"), "\(requests)")
      #expect(harness.statusRow == " asking the server for more…")
      harness.press("F3")
      #expect(harness.takeCommands() == [])
    }
  }

  @Test
  func `Esc and another search end the list`() {
    var harness = searched(80, 9)
    harness.press("Enter", "Esc", "F3")
    #expect(harness.statusRow == " no search results: Ctrl+S or /search finds some")
    harness.press("Alt+S")
    #expect(harness.interface.overlays.isEmpty)
    harness = searched(80, 9)
    harness.press("Enter")
    harness.enter("/search other")
    harness.press("Esc", "Alt+S")
    #expect(harness.screen.rows[1] == " “other”  asking the server…")
    harness.receive(.found(2, .found(5...6), hasMore: false))
    #expect(harness.screen.rows[1] == " “other”  2 found")
  }

  @Test
  func `the next result is the selected one if none was visited`() {
    var harness = searched(80, 9)
    harness.press("↓", "Esc", "F3")
    #expect(marked(harness) == "disk full, 99")
    harness = searched(80, 9)
    harness.press("F3")
    #expect(marked(harness) == "disk full, 100")
    harness.press("Alt+S", "F3")
    #expect(marked(harness) == "disk full, 99")
  }

  @Test
  func `more results are requested at the end of the list, and heard while it is closed`() {
    var harness = searched(80, 9, hasMore: true)
    harness.press("End")
    _ = harness.takeCommands()
    harness.receive(.found(1, .found(71...72, in: "#garden"), hasMore: true))
    harness.press("Enter")
    #expect(harness.interface.tabs.currentIndex == 0)
    harness.press("F3")
    #expect(!harness.takeCommands().contains(.client(.search(1, in: nil, text: "full", before: 71))))
    harness.press("F3")
    #expect(harness.takeCommands().contains(.client(.search(1, in: nil, text: "full", before: 71))))
    #expect(harness.statusRow.contains("result 32 of 32+"))
    harness.press("F3")
    #expect(harness.statusRow == " asking the server for more…")
    harness.receive(.found(1, .found(61...62, in: "#garden"), hasMore: false))
    harness.press("F3")
    #expect(marked(harness) == "disk full, 62")
    harness.press("F3", "F3")
    #expect(harness.statusRow == " the last result")
  }

  @Test
  func `the list stays when it is closed by a paste, another tab or the end of the connection`() {
    var harness = searched(80, 9)
    harness.press("↓")
    harness.paste("pasted")
    #expect(harness.input == "pasted")
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(9))))
    harness.press("Alt+S")
    #expect(harness.screen.rows[1] == " “full”  30 found")
    harness.press("Ctrl+Q")
    harness.press("Enter")
    #expect(marked(harness) == "disk full, 99")
  }

  @Test
  func `the list stays when a question takes its place`() {
    var harness = searched(80, 9)
    harness.press("↓")
    harness.receive(
      .offline(Outage(reason: "gone", retryIn: nil)),
      .nameRefused(Nickname(testing: "neha"), .taken, suggestion: Nickname(testing: "neha2")))
    harness.advanceClock(by: 5)
    #expect(harness.interface.overlays.top is NamePrompt)
    harness.press("Enter")
    harness.goOnline()
    harness.press("Alt+S")
    #expect(harness.screen.rows[1] == " “full”  30 found")
    harness.press("Enter")
    #expect(marked(harness) == "disk full, 99")
  }

  @Test
  func `a redaction and a new beginning of a conversation change the list while it is closed`() {
    var harness = searched(80, 24)
    harness.press("Enter")
    harness.receive(.redacted(.garden, 99, by: Nickname(testing: "zoe")))
    harness.receive(.reset(.lobby))
    harness.press("Alt+S")
    #expect(harness.screen.rows[3].hasSuffix("(removed)"))
    harness.press("End", "Enter")
    #expect(harness.statusRow == " its place is not known", "the number may be that of another message now")
  }

  @Test
  func `the list does not go along to another server`() {
    var harness = searched(80, 9)
    harness.press("Enter")
    harness.open("other:4000")
    harness.press("F3")
    #expect(harness.statusRow.contains("no search results"))
  }

  @Test
  func `every jump marks its target`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.enter("/dm zoe")
    for number in 1...40 { harness.receiveMessage(from: "zoe", number == 7 ? "neha: look" : "line \(number)") }
    harness.press("Alt+1", "Alt+P")
    #expect(marked(harness) == "neha: look")
    harness.press("Alt+U")
    #expect(marked(harness) == "line 1")
    harness.press("Alt+P")
    #expect(marked(harness) == "neha: look")
    harness.press("Ctrl+S")
    harness.type("line 9")
    #expect(marked(harness) == "line 9")
    harness.press("Esc", "Esc")
    #expect(marked(harness) == nil)
  }
}
