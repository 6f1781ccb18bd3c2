import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Messages of several lines: one message on the screen, and everywhere else.
@Suite
struct MessageOfLinesTests {
  private static let code = "```swift\nfunc retry(_ n: Int) {\n    for i in 0..<n where !ok { sleep(1 << i) }\n\n}\n```"

  private func harness(_ columns: Int, _ rows: Int) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["Li_Wei", "zoe"])
    harness.receiveMessage(from: "Li_Wei", "> how does it retry?\nlike this, *I think*:\n\n- twice\n- then never")
    harness.receiveMessage(from: "zoe", Self.code)
    harness.receiveMessage(from: "zoe", "neha: see\n```\nx = 1\n```\nand test it")
    harness.paste("one\n\n  two")
    harness.press("Enter")
    return harness
  }

  @Test
  func `at 80 by 24`() {
    harness(80, 24).expectScreen(
      """
       1 #lobby                                                                   3 ☺




      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to localhost:4000 as neha
              Li_Wei  > how does it retry?
                      like this, *I think*:

                      - twice
                      - then never
              zoe   │ func retry(_ n: Int) {
                    │     for i in 0..<n where !ok { sleep(1 << i) }
                    │
                    │ }
                    ▌ neha: see
                    │ x = 1
                    ▌ and test it
         ···  neha    one

                        two
       neha · localhost:4000                                                  F1 help
       #lobby›
      """)
  }

  @Test
  func `at 40 by 10`() {
    harness(40, 10).expectScreen(
      """
       1 #lobby                           3 ☺
            │  }
            ▌zoe: neha: see
            │  x = 1
            ▌  and test it
         ··· neha: one

                 two
       neha · localhost:4000          F1 help
       #lobby›
      """)
  }

  @Test
  func `every size down to one by one shows it without a fault`() {
    var harness = harness(80, 24)
    for columns in [79, 56, 33, 31, 20, 5, 2, 1] {
      for rows in [24, 5, 2, 1] {
        harness.resize(columns, rows)
        #expect(harness.screen.rows.count == rows)
        harness.press("PgUp", "PgUp", "PgDn")
      }
    }
  }

  @Test
  func `a pasted text is one message after the same question`() {
    var harness = InterfaceHarness.online(80, 12)
    harness.paste("\n1\n2\n3\n\n4\n5\n\n")
    harness.press("Enter")
    #expect(harness.screen.rows.contains { $0.contains("│ Send 6 lines as one message? ") })
    harness.press("Esc")
    #expect(harness.takeCommands().isEmpty)
    harness.press("Enter", "Enter")
    #expect(harness.takeSends().map(\.text) == ["1\n2\n3\n\n4\n5"])
    #expect(harness.input.isEmpty)
    harness.press("↑")
    #expect(harness.input == "\n1\n2\n3\n\n4\n5\n\n")
  }

  @Test
  func `without the capability the lines are messages as before`() {
    var harness = InterfaceHarness.online(80, 24, capabilities: .singleLines)
    harness.paste("one\ntwo")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["one", "two"])
    harness.goOnline()
    harness.paste("one\ntwo")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["one\ntwo"])
    // The last server is likely to be the next one.
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    harness.paste("one\ntwo")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["one\ntwo"])
  }

  @Test
  func `a text that does not fit into one message is sent line by line, which the status line says`() {
    var harness = InterfaceHarness.online(80, 24)
    let lines = Array(repeating: String(repeating: "x", count: 1000), count: 5)
    harness.paste(lines.joined(separator: "\n"))
    #expect(harness.statusRow.hasPrefix(" 916 bytes too long for one message: each line becomes one"))
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == lines)
    let numbers = (1...51).map(String.init)
    harness.paste(numbers.joined(separator: "\n"))
    #expect(harness.statusRow.hasPrefix(" 1 line too long for one message: each line becomes one"))
    harness.press("Enter", "Enter")
    #expect(harness.takeSends().map(\.text) == numbers)
    harness.paste(numbers.dropLast().joined(separator: "\n"))
    harness.press("Enter", "Enter")
    #expect(harness.takeSends().map(\.text) == [numbers.dropLast().joined(separator: "\n")])
  }

  @Test
  func `the byte counter counts the whole text, with two bytes for a line feed or a backslash`() {
    var harness = InterfaceHarness.online(80, 24)
    let line = String(repeating: "x", count: 1900)
    harness.paste(line + "\n" + line + "\\")
    // MSG, and the text as it is sent.
    #expect(harness.statusRow.hasPrefix(" \(4096 - 4 - 3804) bytes left"))
    harness.press("Enter")
    let text = harness.takeSends().map(\.text)[0]
    #expect(ClientMessage.message(text).lineBytes == 4 + 3804)
  }

  @Test(arguments: [("#lobby", "MSG "), ("#dev", "SAY #dev "), ("zoe", "DM zoe ")])
  func `the byte counter counts from the limit of the line that a message of the tab is sent as`(
    tab: String, prefix: String
  ) {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.receive(.roomJoined(RoomName(testing: "#dev")))
    harness.enter("/to \(tab)")
    let most = LineLimits().line - prefix.utf8.count
    harness.paste(String(repeating: "x", count: most))
    #expect(harness.statusRow.hasPrefix(" 0 bytes left"))
    harness.type("y")
    #expect(harness.statusRow.hasPrefix(" 1 bytes too long for one message"))
    harness.press("Ctrl+C")
    // A text of several lines is one message as long as it fits.
    let text = "first\n" + String(repeating: "x", count: most - "first".utf8.count - 2)
    _ = harness.takeCommands()
    harness.paste(text)
    harness.press("Enter")
    let sends = harness.takeSends()
    #expect(sends.map(\.text) == [text])
    let excess = sends.map { OutgoingMessage(id: $0.id, target: $0.to, text: $0.text, time: .noon).excessBytes }
    #expect(excess == [0])
  }

  @Test
  func `the text returns to the input as it was if it cannot be sent`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.paste("one\n\n  two")
    harness.press("Enter")
    let id = harness.takeSends()[0].id
    harness.receive(.sendFailed(id, reason: "This server takes only one line per message."))
    #expect(harness.input == "one\n\n  two")
    #expect(harness.pane.suffix(2).joined().contains("Not sent: one ⏎  ⏎ "))
  }

  @Test
  func `it counts as one message, and jumps, search and removal find it`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.receiveHead(head: 1, mark: 1)
    harness.focus(false)
    harness.receiveMessage(from: "zoe", "first\nneha: second\n\nthird", sequence: 2)
    #expect(harness.interface.tabs.current.unread == 1)
    #expect(harness.interface.tabs.current.transcript.entries.last?.message?.isMention == true)
    harness.receive(.redacted(.lobby, 2, by: Nickname(testing: "zoe")))
    #expect(harness.pane.last?.hasSuffix("  zoe     (removed)") == true)
  }

  @Test
  func `a notification has its first line that is text`() {
    for (text, shown) in [
      ("neha: look\n```\nx\n```", "zoe: neha: look …"), ("```swift\nneha\n```", "zoe: neha"),
      ("/me waves\nto neha", "zoe waves …"), ("neha\n> a", "zoe: neha …"), ("neha", "zoe: neha"),
    ] {
      let message = TranscriptEntry.Message(author: Nickname(testing: "zoe"), text: text, isOwn: false, isMention: true)
      #expect(Notification(message, in: .lobby, Guests()).text == shown)
    }
  }

  @Test
  func `the memory file has it as one message, sent or not`() throws {
    var harness = harness(80, 24)
    let text = harness.takeSends()[0].text
    #expect(harness.memory.unconfirmed.map(\.text) == [text])
    let restored = InterfaceHarness(80, 24, memory: harness.memory)
    #expect(restored.memory.tabs[0].messages.map(\.text) == harness.memory.tabs[0].messages.map(\.text))
    #expect(restored.memory.tabs[0].messages.contains { $0.text == Self.code })
    #expect(restored.memory.unconfirmed.map(\.text) == [text])
    #expect(restored.screen.rows.contains("        zoe   │ func retry(_ n: Int) {"))
  }

  @Test
  func `no text of a file or a server moves the cursor`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.paste("a\u{1b}[2J\n\tb")
    harness.press("Enter")
    #expect(harness.pane.suffix(2) == ["   ···  neha    a[2J", "                    b"])
  }
}
