import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// The question about a server whose key has changed.
@Suite
struct TrustTests {
  private func stage(_ columns: Int, _ rows: Int, seen: Pin? = .testing(255), typed: String = "") -> Stage {
    var stage = Stage.online(columns, rows, with: ["zoe"])
    stage.type(typed)
    stage.hear(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: seen))
    stage.wait(1)
    return stage
  }

  @Test
  func `at 80 by 24`() {
    let stage = stage(80, 24)
    stage.expectScreen(
      """
       1 #lobby
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                ┌──────────────────────────────────────────────────────────┐
                │ localhost:4000 is not the server that it was.            │
      ──────────│ before: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA      │
      12:01     │ now:    __________________________________________8      │
      12:01     │ Either the host was set up anew, or somebody is in       │
                │ between who reads and changes what is written. Nothing   │
                │ was sent. Compare what it is now with what stands behind │
                │ pin= in the line that `swiftchat serve` prints on the    │
                │ host.                                                    │
                │ Esc: stay away   then /trust: it is the right one        │
                └──────────────────────────────────────────────────────────┘
                       │ is in between who reads and changes what is  │
                       │ written. Nothing was sent. Compare what it   │
                       │ is now with what stands behind pin= in the   │
                       │ line that `swiftchat serve` prints on the    │
                       │ host.                                        │
       not the server it was: /trust accepts it · neha          F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.screen.cursor == Screen.Position(row: 7, column: 12))
  }

  @Test
  func `for a server that stopped encrypting, at 80 by 24`() {
    let stage = stage(80, 24, seen: nil)
    stage.expectScreen(
      """
       1 #lobby
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                ┌──────────────────────────────────────────────────────────┐
                │ localhost:4000 was encrypted, and is not any more.       │
                │ before: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA      │
                │ now:    nothing                                          │
      ──────────│ Either the host turned encryption off, or somebody is in │
      12:01     │ between who wants to read along. Nothing was sent. Ask   │
      12:01     │ whoever runs the server, in another way than this one.   │
                │ Esc: stay away   then /trust: go on, and be read         │
                └──────────────────────────────────────────────────────────┘
                       │ AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA  │
                       │ now:    nothing                              │
                       │ Either the host turned encryption off, or    │
                       │ somebody is in between who wants to read     │
                       │ along. Nothing was sent. Ask whoever runs    │
                       │ the server, in another way than this one.    │
       not encrypted any more: /trust accepts it · neha         F1 help · Ctrl+Q quit
      ›
      """)
  }

  @Test
  func `at 40 by 10 and at 20 by 5`() {
    stage(40, 10).expectScreen(
      """
       1 #lobby
            Either the host was set up anew,
            or somebody is in between who
            reads and changes what is written.
            Nothing was sent. Compare what it
            is now with what stands behind
            pin= in the line that `swiftchat
       This is not the server that it was!
       Esc: stay away
      ›
      """)
    stage(20, 5).expectScreen(
      """
       1 #lobby
       This is not the
       server that it was!
       Esc: stay away
      ›
      """)
    stage(20, 5, seen: nil).expectScreen(
      """
       1 #lobby
       It is not encrypted
       any more!
       Esc: stay away
      ›
      """)
  }

  @Test
  func `is not accepted by text that was being typed`() {
    var stage = stage(80, 24, typed: "well, I ")
    for key in ["y", "Y", "Enter", "Space", "Tab", "Ctrl+Y", "Alt+A", "F1", "Enter"] { stage.press(key) }
    stage.type("/trust")
    stage.press("Enter")
    #expect(stage.takeCommands().isEmpty)
    #expect(stage.style(of: "not the server that it was") == .bold)
    stage.press("Esc")
    // The input keeps the typed text; nothing was sent.
    #expect(stage.input == "well, I yy /trust")
    #expect(stage.takeCommands().isEmpty)
    stage.expectScreen(
      """
       1 #lobby
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
      ────────────────── Sunday, 22 November 2026 ─────────────────── │
      12:01         -- │ connected to localhost:4000 as neha          │
      12:01         !! │ localhost:4000 is not the server that it     │
                       │ was.                                         │
                       │ before:                                      │
                       │ AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA  │
                       │ now:                                         │
                       │ __________________________________________8  │
                       │ Either the host was set up anew, or somebody │
                       │ is in between who reads and changes what is  │
                       │ written. Nothing was sent. Compare what it   │
                       │ is now with what stands behind pin= in the   │
                       │ line that `swiftchat serve` prints on the    │
                       │ host.                                        │
       not the server it was: /trust accepts it · neha          F1 help · Ctrl+Q quit
      › well, I yy /trust
      """)
    stage.press("Ctrl+C")
    stage.enter("/trust")
    #expect(stage.takeCommands() == [.client(.trust(.testing(0xff)))])
    #expect(stage.pane.last == "12:01         -- │ localhost:4000 is accepted as it is now")
    stage.enter("/trust")
    #expect(stage.takeCommands().isEmpty)
  }

  @Test
  func `shows the address and can be left`() {
    var stage = Stage.online(80, 24, with: ["zoe"])
    stage.enter("/dm zoe")
    stage.hear(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: nil))
    stage.hear(.offline(Outage(reason: "not trusted", retryIn: nil)))
    stage.wait(1)
    stage.press("Esc")
    #expect(stage.pane.last?.hasSuffix("The lobby has the") == false)
    #expect(stage.pane.contains { $0.contains("It is not encrypted any more!") })
    #expect(stage.statusRow.hasPrefix(" not encrypted any more: /trust accepts it · neha "))
    var other = stage
    other.enter("/trust")
    #expect(other.takeCommands() == [.client(.trust(nil))])
    stage.enter("/connect example.com")
    #expect(stage.takeCommands() == [.connect(ShareLink(endpoint: Endpoint(testing: "example.com:4000")))])
    stage.happen(.moved(to: Endpoint(testing: "example.com:4000"), InterfaceMemory()))
    #expect(stage.statusRow.hasPrefix(" neha · connecting to example.com:4000…"))
    stage.enter("/trust")
    #expect(stage.takeCommands().isEmpty)
  }

  @Test
  func `covers any overlay, and closes with a connection`() {
    for keys in [["F1"], ["Ctrl+S"], ["Ctrl+R"], ["Ctrl+G"], ["F6"]] {
      var stage = Stage.online(80, 24, with: ["zoe"])
      for key in keys { stage.press(key) }
      stage.hear(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: .testing(1)))
      stage.wait(1)
      #expect(stage.screen.rows.contains { $0.contains("is not the server that it was") }, "\(keys)")
      stage.press("Ctrl+Q")
      #expect(stage.takeCommands().contains(.quit))
      stage.connect()
      #expect(stage.interface.overlays.isEmpty)
      #expect(stage.interface.connection.pinMismatch == nil)
    }
  }

  @Test
  func `does not claim a change for a pin from a link`() {
    for seen in [Pin.testing(255), nil] {
      var stage = Stage(80, 24)
      stage.hear(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: seen, wasMet: false))
      stage.hear(.offline(Outage(reason: "localhost:4000 is not the server of the link", retryIn: nil)))
      stage.wait(1)
      #expect(stage.screen.rows.contains { $0.contains("is not the server that the link") })
      #expect(!stage.screen.rows.contains { $0.contains("any more") })
      #expect(stage.statusRow.hasPrefix(" not the server of the link: /trust accepts it "))
      stage.press("Esc")
      #expect(stage.pane.filter { $0.contains("is not the server") }.count == 1, "said once")
    }
  }
}
