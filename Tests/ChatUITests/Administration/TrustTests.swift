import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// The question about a server whose key has changed.
@Suite
struct TrustTests {
  private func harness(_ columns: Int, _ rows: Int, seen: Pin? = .testing(255), typed: String = "") -> InterfaceHarness
  {
    var harness = InterfaceHarness.online(columns, rows, with: ["zoe"])
    harness.type(typed)
    harness.receive(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: seen))
    harness.advanceClock(by: 1)
    return harness
  }

  @Test
  func `the answers stay in the frame, however narrow it is`() {
    for columns in 20...60 {
      let rows = harness(columns, 44).screen.rows
      guard let top = rows.firstIndex(where: { $0.contains("┌") }) else { continue }
      let width = rows[top].count
      for row in rows[top...].prefix(while: { !$0.contains("└") }).dropFirst() {
        #expect(row.prefix(width).last == "│", "\(columns) columns: \(row)")
      }
    }
    #expect(harness(30, 44).screen.rows.contains { $0.contains("┌") })
  }

  @Test
  func `the question about a changed key at 80 by 24`() {
    let harness = harness(80, 24)
    harness.expectScreen(
      """
       1 #lobby





                ┌──────────────────────────────────────────────────────────┐
                │ The key of localhost:4000 has changed.                   │
                │ before: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA      │
                │ now:    __________________________________________8      │
                │ The server may have been set up again. Or another        │
                │ computer reads and changes your messages on the way.     │
                │ Nothing was sent. Compare the new key with the one after │
      ──────────│ pin= in the line that `swiftchat serve` prints on the    │──────────
       12:01  --│ host.                                                    │
              !!│ Esc: stay away   then /trust: it is the right one        │
                └──────────────────────────────────────────────────────────┘
                      now:    __________________________________________8
                      The server may have been set up again. Or another computer reads
                      and changes your messages on the way. Nothing was sent. Compare
                      the new key with the one after pin= in the line that `swiftchat
                      serve` prints on the host.
       the server's key has changed: /trust accepts it · neha                 F1 help
       #lobby›
      """)
    #expect(harness.screen.cursor == Screen.Position(row: 7, column: 12))
  }

  @Test
  func `the question about a server that stopped encrypting, at 80 by 24`() {
    let harness = harness(80, 24, seen: nil)
    harness.expectScreen(
      """
       1 #lobby





                ┌──────────────────────────────────────────────────────────┐
                │ localhost:4000 is no longer encrypted.                   │
                │ before: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA      │
                │ now:    not encrypted                                    │
                │ The host may have turned encryption off. Or another      │
                │ computer tries to read your messages on the way. Nothing │
                │ was sent. Ask the person who runs the server, but not    │
                │ through this chat.                                       │
      ──────────│ Esc: stay away   then /trust: go on unencrypted          │──────────
       12:01  --└──────────────────────────────────────────────────────────┘
              !!      localhost:4000 is no longer encrypted.
                      before: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                      now:    not encrypted
                      The host may have turned encryption off. Or another computer
                      tries to read your messages on the way. Nothing was sent. Ask
                      the person who runs the server, but not through this chat.
       no longer encrypted: /trust accepts it · neha                          F1 help
       #lobby›
      """)
  }

  @Test
  func `the question about a changed key at 40 by 10 and at 20 by 5`() {
    harness(40, 10).expectScreen(
      """
       1 #lobby
               again. Or another computer
               reads and changes your messages
               on the way. Nothing was sent.
               Compare the new key with the
               one after pin= in the line that
               `swiftchat serve` prints on the
       The server's key has changed!
       Esc: stay away
       #lobby›
      """)
    harness(20, 5).expectScreen(
      """
       1 #lobby
       The server's key
       has changed!
       Esc: stay away
      ›
      """)
    harness(20, 5, seen: nil).expectScreen(
      """
       1 #lobby
       It is no longer
       encrypted!
       Esc: stay away
      ›
      """)
  }

  @Test
  func `the question about a changed key is not accepted by text that was being typed`() {
    var harness = harness(80, 24, typed: "well, I ")
    for key in ["y", "Y", "Enter", "Space", "Tab", "Ctrl+Y", "Alt+A", "F1", "Enter"] { harness.press(key) }
    harness.type("/trust")
    harness.press("Enter")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.style(of: "The key of localhost:4000 has changed") == .bold)
    harness.press("Esc")
    // The input keeps the typed text; nothing was sent.
    #expect(harness.input == "well, I yy /trust")
    #expect(harness.takeCommands().isEmpty)
    harness.expectScreen(
      """
       1 #lobby












      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to localhost:4000 as neha
              !!      The key of localhost:4000 has changed.
                      before: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                      now:    __________________________________________8
                      The server may have been set up again. Or another computer reads
                      and changes your messages on the way. Nothing was sent. Compare
                      the new key with the one after pin= in the line that `swiftchat
                      serve` prints on the host.
       the server's key has changed: /trust accepts it · neha                 F1 help
       #lobby› well, I yy /trust
      """)
    harness.press("Ctrl+C")
    harness.enter("/trust")
    #expect(harness.takeCommands() == [.client(.trust(.testing(0xff)))])
    #expect(harness.pane.last == "        --      localhost:4000 is accepted as it is now")
    harness.enter("/trust")
    #expect(harness.takeCommands().isEmpty)
  }

  @Test
  func `the question about a changed key shows the address and can be left`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.enter("/dm zoe")
    harness.receive(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: nil))
    harness.receive(.offline(Outage(reason: "not trusted", retryIn: nil)))
    harness.advanceClock(by: 1)
    harness.press("Esc")
    #expect(harness.pane.last?.hasSuffix("The lobby has the") == false)
    #expect(harness.pane.contains { $0.contains("It is no longer encrypted!") })
    #expect(harness.statusRow.hasPrefix(" no longer encrypted: /trust accepts it · neha "))
    var other = harness
    other.enter("/trust")
    #expect(other.takeCommands() == [.client(.trust(nil))])
    harness.enter("/connect example.com")
    #expect(harness.takeCommands() == [.connect(ShareLink(endpoint: Endpoint(testing: "example.com:4000")))])
    harness.open("example.com:4000")
    #expect(harness.statusRow.hasPrefix(" neha · connecting to example.com:4000…"))
    harness.enter("/trust")
    #expect(harness.takeCommands().isEmpty)
  }

  @Test
  func `the question about a changed key covers any overlay, and closes with a connection`() {
    for keys in [["F1"], ["Ctrl+S"], ["Ctrl+R"], ["Ctrl+G"], ["F6"]] {
      var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
      for key in keys { harness.press(key) }
      harness.receive(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: .testing(1)))
      harness.advanceClock(by: 1)
      #expect(harness.screen.rows.contains { $0.contains("has changed") }, "\(keys)")
      harness.press("Ctrl+Q")
      #expect(harness.takeCommands().contains(.quit))
      harness.goOnline()
      #expect(harness.interface.overlays.isEmpty)
      #expect(harness.interface.connection.pinMismatch == nil)
    }
  }

  @Test
  func `the question about a changed key does not claim a change for a pin from a link`() {
    for seen in [Pin.testing(255), nil] {
      var harness = InterfaceHarness(80, 24)
      harness.receive(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: seen, wasMet: false))
      harness.receive(.offline(Outage(reason: "localhost:4000 is not the server in the link", retryIn: nil)))
      harness.advanceClock(by: 1)
      #expect(harness.screen.rows.contains { $0.contains("is not the server in the link") })
      #expect(!harness.screen.rows.contains { $0.contains("no longer") })
      #expect(harness.statusRow.hasPrefix(" not the server in the link: /trust accepts it "))
      harness.press("Esc")
      #expect(
        harness.pane.filter { $0.contains("is not the server in the link") }.count == 1, "the change is reported once")
    }
  }
}
