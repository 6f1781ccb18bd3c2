import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Older messages.
@Suite
struct OlderTests {
  /// A lobby with 300 messages, the last twenty of which are loaded; five rows are in view.
  private func stage(_ columns: Int = 50) -> Stage {
    var stage = Stage.online(columns, 8)
    stage.sync(head: 300, mark: 300)
    stage.page(281...300)
    _ = stage.takeCommands()
    return stage
  }

  private func numbers(_ stage: Stage) -> [Int] {
    stage.pane.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
  }

  @Test
  func `are requested once near the first row, without moving any row`() {
    var stage = stage()
    stage.press("PgUp", "PgUp", "PgUp")
    #expect(stage.takeCommands() == [])
    stage.press("PgUp")
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 281))])
    let before = stage.pane
    stage.press("Alt+Home")
    #expect(stage.takeCommands() == [])
    stage.expectScreen(
      """
       1 #lobby
      ──────────── loading older messages… ─────────────
      ──────────── Sunday, 22 November 2026 ────────────
      11:05 zoe: 281
      11:05 zoe: 282
      11:05 zoe: 283
       ▼ 17 below · neha · localhost:4000       F1 help
      ›
      """)
    stage.page(181...280)
    #expect(numbers(stage) == [279, 280, 281, 282, 283])
    stage.press("PgDn")
    #expect(numbers(stage) == [283, 284, 285, 286, 287])
    #expect(before.last == "11:05 zoe: 285")
    for _ in 0..<30 { stage.press("PgUp") }
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 181))])
    stage.page(1...180, hasMore: false)
    stage.press("Alt+Home")
    #expect(stage.takeCommands() == [])
    stage.expectScreen(
      """
       1 #lobby
      ────────────── beginning of #lobby ───────────────
      ──────────── Sunday, 22 November 2026 ────────────
      11:01 zoe: 1
      11:01 zoe: 2
      11:01 zoe: 3
       ▼ 297 below · neha · localhost:4000      F1 help
      ›
      """)
  }

  @Test
  func `are not requested without a connection or if the server stores none`() {
    var stage = stage()
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    stage.press("Alt+Home")
    #expect(stage.takeCommands() == [])
    #expect(stage.pane.first?.contains("Sunday") == true)
    stage = Stage.online(50, 8)
    for number in 1...30 { stage.say("zoe", "\(number)") }
    stage.press("Alt+Home")
    #expect(stage.takeCommands() == [])
  }

  @Test
  func `are requested again after a lost connection`() {
    var stage = stage()
    stage.press("Alt+Home")
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    stage.connect()
    _ = stage.takeCommands()
    stage.press("PgUp")
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 281))])
  }

  @Test
  func `fill a pane that the first page does not`() {
    var stage = Stage.online(50, 24)
    stage.sync(head: 300, mark: 300)
    stage.page(291...300)
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 291))])
    stage.page(271...290)
    #expect(stage.takeCommands() == [])
    #expect(stage.pane.count == 21)
  }

  @Test
  func `without anything new are requested only a few times`() {
    var stage = Stage.online(50, 24)
    stage.sync(head: 300, mark: 300)
    for _ in 0..<20 { stage.page(300...300) }
    #expect(stage.takeCommands().count < 10)
    #expect(numbers(stage) == [300])
  }

  @Test
  func `are requested again if the answer was another page`() {
    var stage = stage()
    stage.press("Alt+Home")
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 281))])
    stage.page(290...300)
    stage.press("PgUp")
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 281))])
  }

  @Test
  func `have the lines of their days`() {
    var stage = Stage.online(50, 12)
    let yesterday = Timestamp(milliseconds: Timestamp.noon.milliseconds - 86_400_000)
    stage.sync(head: 4, mark: 4)
    stage.hear(.older(.lobby, [.numbered(4)], hasMore: true))
    let older = [1, 2, 3].map { number in
      var said = ChatMessage.numbered(number)
      if number < 3 { said.time = yesterday }
      return said
    }
    stage.hear(.older(.lobby, older, hasMore: false))
    stage.expectScreen(
      """
       1 #lobby

      ────────────── beginning of #lobby ───────────────
      ─────────── Saturday, 21 November 2026 ───────────
      12:01 zoe: 1
      12:01 zoe: 2
      ──────────── Sunday, 22 November 2026 ────────────
      11:01 zoe: 3
      11:01 zoe: 4
      12:01 -- connected to localhost:4000 as neha
       neha · localhost:4000      F1 help · Ctrl+Q quit
      ›
      """)
  }

  @Test
  func `are dropped for newer ones if there would be a gap between`() {
    var stage = Stage.online(50, 8)
    stage.sync(head: 300, mark: 300)
    stage.page(1...20, hasMore: false)
    stage.page(250...300)
    #expect(stage.interface.tabs.lobby.transcript.firstSequence == 250)
    stage.page(1...20, hasMore: false)
    #expect(stage.interface.tabs.lobby.transcript.firstSequence == 250)
    stage.press("Alt+Home")
    #expect(stage.takeCommands().contains(.client(.showOlder(.lobby, before: 250))))
    stage.page(240...249)
    #expect(stage.interface.tabs.lobby.transcript.firstSequence == 240)
    // Overlapping messages appear once.
    stage.page(230...260)
    stage.page(290...305)
    let numbers = stage.interface.tabs.lobby.transcript.entries.compactMap(\.sequence)
    #expect(numbers == Array(230...305))
  }

  @Test
  func `are discarded if the oldest message was dropped meanwhile`() {
    var stage = Stage.online(50, 8)
    stage.sync(head: 100, mark: 100)
    stage.page(81...100)
    stage.press("Alt+Home")
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 81))])
    stage.press("Esc")
    for number in 101...(Transcript.maximumEntries + 200) { stage.say("zoe", "\(number)", sequence: number) }
    let first = stage.interface.tabs.lobby.transcript.firstSequence
    #expect(first ?? 0 > 100)
    stage.page(1...80)
    #expect(stage.interface.tabs.lobby.transcript.firstSequence == first)
    _ = stage.takeCommands()
    stage.press("Alt+Home")
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: first))])
  }

  @Test(.computing)
  func `end at the limit, and continue after the user has been at the newest`() {
    var stage = stage()
    stage.press("Alt+Home")
    for number in 301...(Transcript.maximumEntriesAbove + 300) { stage.say("zoe", "\(number)", sequence: number) }
    stage.page(1...280, hasMore: false)
    stage.press("Alt+Home")
    for _ in 0..<3 {
      stage.page(1...280)
      stage.press("PgUp", "Alt+Home")
    }
    #expect(stage.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntriesAbove + 300)
    stage.press("Esc")
    #expect(stage.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntries)
    _ = stage.takeCommands()
    stage.press("Alt+Home")
    #expect(stage.takeCommands().count == 1)
  }

  @Test
  func `are discarded when the conversation is reset, and unconfirmed sends stay`() {
    var stage = stage()
    stage.enter("on its way")
    stage.press("PgUp", "PgUp")
    stage.hear(.reset(.lobby))
    stage.hear(.notice("the server forgot everything"))
    stage.sync(epoch: "e2", head: 3)
    stage.page(1...3, hasMore: false)
    #expect(
      stage.pane.suffix(4) == [
        "11:01 zoe: 3", "12:01 -- connected to localhost:4000 as neha", "12:01 -- the server forgot everything",
        "  ··· neha: on its way",
      ])
    #expect(stage.interface.tabs.lobby.unread == 0)
  }

  @Test
  func `go before lines that were received since the gap`() {
    var stage = Stage.online(50, 9)
    stage.hear(.notice("told now"))
    stage.sync(head: 2, mark: 2)
    stage.catchUp(1...3)
    stage.say("zoe", "4", sequence: 4)
    #expect(
      stage.pane.suffix(6) == [
        "11:01 zoe: 1", "11:01 zoe: 2", "11:01 zoe: 3", "12:01 -- connected to localhost:4000 as neha",
        "12:01 -- told now", "12:01 zoe: 4",
      ])
    // The server sends nothing twice; a duplicate would be shown once.
    stage.catchUp(1...4)
    stage.say("zoe", "4", sequence: 4)
    #expect(numbers(stage).filter { $0 == 4 }.count == 1)
  }

  @Test
  func `of a tab are requested when it is opened for the first time`() {
    var stage = Stage.online(50, 8, with: ["zoe"])
    stage.sync("@zoe", head: 7, mark: 7)
    #expect(stage.takeCommands() == [])
    #expect(stage.screen.rows[0] == " 1 #lobby")
    stage.enter("/dm zoe")
    #expect(stage.takeCommands() == [.client(.showOlder(.person(Nickname(testing: "zoe")), before: 8))])
    stage.page(1...7, in: "@zoe", hasMore: false)
    #expect(numbers(stage) == [3, 4, 5, 6, 7])
  }

  @Test
  func `include the topics of a room`() {
    var stage = Stage.online(80, 8)
    stage.sync(head: 3, mark: 3)
    var topic = ChatMessage.numbered(2)
    topic.kind = .topic
    topic.text = "neha's garden"
    var none = topic
    (none.sequence, none.text) = (3, "")
    stage.hear(.older(.lobby, [.numbered(1), topic, none], hasMore: false))
    #expect(
      stage.pane.suffix(4).prefix(3).map { String($0.drop { $0 != "│" }) } == [
        "│ 1", "│ zoe set the topic: neha's garden", "│ zoe took the topic away",
      ])
    #expect(stage.interface.tabs.lobby.mentions == 0)
  }
}
