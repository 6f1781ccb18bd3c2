import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct OlderTests {
  /// A lobby with 300 messages, the last twenty of which are loaded; five rows are in view.
  private func harness(_ columns: Int = 50) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, 8)
    harness.receiveHead(head: 300, mark: 300)
    harness.receivePage(281...300)
    _ = harness.takeCommands()
    return harness
  }

  @Test
  func `older messages are requested once near the first row, without moving any row`() {
    var harness = harness()
    harness.press("PgUp", "PgUp", "PgUp")
    #expect(harness.takeCommands() == [])
    harness.press("PgUp")
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 281))])
    let before = harness.pane
    harness.press("Alt+Home")
    #expect(harness.takeCommands() == [])
    harness.expectScreen(
      """
       1 #lobby                                     1 ☺
      ──────────── loading older messages… ─────────────
      ──────────── Sunday, 22 November 2026 ────────────
       11:05 zoe: 281
             zoe: 282
             zoe: 283
       ▼ 17 below                               F1 help
       #lobby›
      """)
    harness.receivePage(181...280)
    #expect(harness.numbersInPane == [279, 280, 281, 282, 283])
    harness.press("PgDn")
    #expect(harness.numbersInPane == [283, 284, 285, 286, 287])
    #expect(before.last == "       zoe: 285")
    for _ in 0..<30 { harness.press("PgUp") }
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 181))])
    harness.receivePage(1...180, hasMore: false)
    harness.press("Alt+Home")
    #expect(harness.takeCommands() == [])
    harness.expectScreen(
      """
       1 #lobby                                     1 ☺
      ────────────── beginning of #lobby ───────────────
      ──────────── Sunday, 22 November 2026 ────────────
       11:01 zoe: 1
             zoe: 2
             zoe: 3
       ▼ 297 below                              F1 help
       #lobby›
      """)
  }

  @Test
  func `older messages are not requested without a connection or if the server stores none`() {
    var harness = harness()
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    harness.press("Alt+Home")
    #expect(harness.takeCommands() == [])
    #expect(harness.pane.first?.contains("Sunday") == true)
    harness = InterfaceHarness.online(50, 8)
    for number in 1...30 { harness.receiveMessage(from: "zoe", "\(number)") }
    harness.press("Alt+Home")
    #expect(harness.takeCommands() == [])
  }

  @Test
  func `older messages are requested again after a lost connection`() {
    var harness = harness()
    harness.press("Alt+Home")
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    harness.goOnline()
    _ = harness.takeCommands()
    harness.press("PgUp")
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 281))])
  }

  @Test
  func `older messages fill a pane that the first page does not`() {
    var harness = InterfaceHarness.online(50, 24)
    harness.receiveHead(head: 300, mark: 300)
    harness.receivePage(291...300)
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 291))])
    harness.receivePage(271...290)
    #expect(harness.takeCommands() == [])
    #expect(harness.pane.count == 21)
  }

  @Test
  func `older messages without anything new are requested only a few times`() {
    var harness = InterfaceHarness.online(50, 24)
    harness.receiveHead(head: 300, mark: 300)
    for _ in 0..<20 { harness.receivePage(300...300) }
    #expect(harness.takeCommands().count < 10)
    #expect(harness.numbersInPane == [300])
  }

  @Test
  func `older messages are requested again if the answer was another page`() {
    var harness = harness()
    harness.press("Alt+Home")
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 281))])
    harness.receivePage(290...300)
    harness.press("PgUp")
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 281))])
  }

  @Test
  func `older messages have the lines of their days`() {
    var harness = InterfaceHarness.online(50, 12)
    let yesterday = Timestamp(milliseconds: Timestamp.noon.milliseconds - 86_400_000)
    harness.receiveHead(head: 4, mark: 4)
    harness.receive(.older(.lobby, [.numbered(4)], hasMore: true))
    let older = [1, 2, 3].map { number in
      var said = ChatMessage.numbered(number)
      if number < 3 { said.time = yesterday }
      return said
    }
    harness.receive(.older(.lobby, older, hasMore: false))
    harness.expectScreen(
      """
       1 #lobby                                     1 ☺

      ────────────── beginning of #lobby ───────────────
      ─────────── Saturday, 21 November 2026 ───────────
       12:01 zoe: 1
             zoe: 2
      ──────────── Sunday, 22 November 2026 ────────────
       11:01 zoe: 3
             zoe: 4
       12:01 -- connected to localhost:4000 as neha
       neha · localhost:4000                    F1 help
       #lobby›
      """)
  }

  @Test
  func `older messages are dropped for newer ones if there would be a gap between`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.receiveHead(head: 300, mark: 300)
    harness.receivePage(1...20, hasMore: false)
    harness.receivePage(250...300)
    #expect(harness.interface.tabs.lobby.transcript.firstSequence == 250)
    harness.receivePage(1...20, hasMore: false)
    #expect(harness.interface.tabs.lobby.transcript.firstSequence == 250)
    harness.press("Alt+Home")
    #expect(harness.takeCommands().contains(.client(.showOlder(.lobby, before: 250))))
    harness.receivePage(240...249)
    #expect(harness.interface.tabs.lobby.transcript.firstSequence == 240)
    // Overlapping messages appear once.
    harness.receivePage(230...260)
    harness.receivePage(290...305)
    let numbers = harness.interface.tabs.lobby.transcript.entries.compactMap(\.sequence)
    #expect(numbers == Array(230...305))
  }

  @Test
  func `older messages are discarded if the oldest message was dropped meanwhile`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.receiveHead(head: 100, mark: 100)
    harness.receivePage(81...100)
    harness.press("Alt+Home")
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 81))])
    harness.press("Esc")
    for number in 101...(Transcript.maximumEntries + 200) {
      harness.receiveMessage(from: "zoe", "\(number)", sequence: number)
    }
    let first = harness.interface.tabs.lobby.transcript.firstSequence
    #expect(first ?? 0 > 100)
    harness.receivePage(1...80)
    #expect(harness.interface.tabs.lobby.transcript.firstSequence == first)
    _ = harness.takeCommands()
    harness.press("Alt+Home")
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: first))])
  }

  @Test(.computing)
  func `older messages end at the limit, and continue after the user has been at the newest`() {
    var harness = harness()
    harness.press("Alt+Home")
    for number in 301...(Transcript.maximumEntriesAbove + 300) {
      harness.receiveMessage(from: "zoe", "\(number)", sequence: number)
    }
    harness.receivePage(1...280, hasMore: false)
    harness.press("Alt+Home")
    for _ in 0..<3 {
      harness.receivePage(1...280)
      harness.press("PgUp", "Alt+Home")
    }
    #expect(harness.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntriesAbove + 300)
    harness.press("Esc")
    #expect(harness.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntries)
    _ = harness.takeCommands()
    harness.press("Alt+Home")
    #expect(harness.takeCommands().count == 1)
  }

  @Test
  func `older messages are discarded when the conversation is reset, and unconfirmed sends stay`() {
    var harness = harness()
    harness.enter("on its way")
    harness.press("PgUp", "PgUp")
    harness.receive(.reset(.lobby))
    harness.receive(.notice("the server forgot everything"))
    harness.receiveHead(epoch: "e2", head: 3)
    harness.receivePage(1...3, hasMore: false)
    #expect(
      harness.pane.suffix(4) == [
        "       zoe: 3", " 12:01 -- connected to localhost:4000 as neha", "       -- the server forgot everything",
        "   ··· neha: on its way",
      ])
    #expect(harness.interface.tabs.lobby.unread == 0)
  }

  @Test
  func `older messages go before lines that were received since the gap`() {
    var harness = InterfaceHarness.online(50, 9)
    harness.receive(.notice("told now"))
    harness.receiveHead(head: 2, mark: 2)
    harness.receiveMissed(1...3)
    harness.receiveMessage(from: "zoe", "4", sequence: 4)
    #expect(
      harness.pane.suffix(6) == [
        " 11:01 zoe: 1", "       zoe: 2", "       zoe: 3", " 12:01 -- connected to localhost:4000 as neha",
        "       -- told now", "       zoe: 4",
      ])
    // The server sends nothing twice; a duplicate would be shown once.
    harness.receiveMissed(1...4)
    harness.receiveMessage(from: "zoe", "4", sequence: 4)
    #expect(harness.numbersInPane.filter { $0 == 4 }.count == 1)
  }

  @Test
  func `older messages of a tab are requested when it is opened for the first time`() {
    var harness = InterfaceHarness.online(50, 8, with: ["zoe"])
    harness.receiveHead("@zoe", head: 7, mark: 7)
    #expect(harness.takeCommands() == [])
    #expect(harness.tabBar == " 1 #lobby")
    harness.enter("/dm zoe")
    #expect(harness.takeCommands() == [.client(.showOlder(.person(Nickname(testing: "zoe")), before: 8))])
    harness.receivePage(1...7, in: "@zoe", hasMore: false)
    #expect(harness.numbersInPane == [3, 4, 5, 6, 7])
  }

  @Test
  func `older messages of a tab that a message has opened are requested when it is shown`() {
    let zoe = Target.person(Nickname(testing: "zoe"))
    var harness = InterfaceHarness.online(50, 20, with: ["zoe"])
    harness.receiveHead("@zoe", head: 7, mark: 7)
    harness.receiveDirectMessage(from: "zoe", "8", sequence: 8)
    #expect(!harness.takeCommands().contains(.client(.showOlder(zoe, before: 8))))
    harness.press("Alt+2")
    #expect(harness.takeCommands().contains(.client(.showOlder(zoe, before: 8))))
    harness.receivePage(1...7, in: "@zoe", hasMore: false)
    #expect(harness.numbersInPane == Array(1...8))
    harness.press("Alt+1", "Alt+2")
    #expect(!harness.takeCommands().contains { if case .client(.showOlder) = $0 { true } else { false } })
  }

  @Test
  func `older messages include the topics of a room`() {
    var harness = InterfaceHarness.online(80, 8)
    harness.receiveHead(head: 3, mark: 3)
    var topic = ChatMessage.numbered(2)
    topic.kind = .topic
    topic.text = "neha's garden"
    var none = topic
    (none.sequence, none.text) = (3, "")
    harness.receive(.older(.lobby, [.numbered(1), topic, none], hasMore: false))
    #expect(
      harness.pane.suffix(4).prefix(3) == [
        " 11:01  zoe     1", "        --      zoe set the topic: neha's garden",
        "        --      zoe cleared the topic",
      ])
    #expect(harness.interface.tabs.lobby.mentions == 0)
  }
}
