import ChatModel
import ChatProtocol
import Foundation
import TestSupport
import Testing

@testable import ChatUI

/// The saved memory of the interface.
@Suite
struct MemoryTests {
  private let garden = Target(testing: "#garden")

  /// One hour in three conversations.
  private func stage(_ columns: Int = 80, _ rows: Int = 10) -> Stage {
    var stage = Stage.online(columns, rows, with: ["zoe"])
    stage.sync(head: 300, mark: 300)
    stage.page(101...300)
    stage.hear(.roomJoined(RoomName(testing: "#garden")))
    stage.sync("#garden", head: 2, mark: 1)
    stage.page(1...2, in: "#garden", hasMore: false)
    stage.write("zoe", "psst", sequence: 1)
    stage.enter("from the lobby")
    stage.type("half a tho")
    stage.press("Alt+3")
    stage.enter("on its way")
    _ = stage.takeCommands()
    return stage
  }

  /// The memory after it was written to a file and read again.
  private func file(_ memory: InterfaceMemory) throws -> InterfaceMemory {
    try JSONDecoder().decode(InterfaceMemory.self, from: JSONEncoder().encode(memory)).checked
  }

  @Test
  func `is shown by the next run before there is a connection`() throws {
    let memory = try file(stage().memory)
    var stage = Stage(80, 10, memory: memory)
    stage.expectScreen(
      """
       1 #lobby  2 #garden•1  3 @zoe
                                                                      │
                                                                      │
                                                                      │
                                                                      │
      ────────────────── Sunday, 22 November 2026 ─────────────────── │
      12:01        zoe │ psst                                         │
      --:--       neha │ on its way                                   │
       neha · connecting to localhost:4000…     Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    stage.press("Alt+1")
    #expect(stage.input == "half a tho")
    #expect(stage.pane.contains("11:06        zoe │ 300"))
    #expect(stage.pane.last == "--:--       neha │ from the lobby")
    stage.press("Ctrl+C", "↑", "↑")
    #expect(stage.input == "from the lobby")
    stage.press("Alt+Home")
    #expect(stage.pane.first?.contains("Sunday") == true)
    #expect(stage.pane.contains("11:04        zoe │ 201"))
    #expect(!stage.pane.contains("11:04        zoe │ 200"))
  }

  @Test
  func `has the last shown messages and the unsent ones`() throws {
    let memory = try file(stage().memory)
    #expect(
      memory.cursors == [
        Cursor(target: .lobby, epoch: Epoch(testing: "e1"), sequence: 300),
        Cursor(target: garden, epoch: Epoch(testing: "e1"), sequence: 2),
      ])
    #expect(memory.unconfirmed.map(\.text) == ["from the lobby", "on its way"])
    #expect(memory.unconfirmed.map(\.target) == ["#lobby", "@zoe"])
    #expect(memory.unconfirmed.map(\.wasTransmitted) == [false, false])
  }

  @Test
  func `is continued without duplicates`() throws {
    var before = stage()
    before.hear(.sending(SendID(1)))
    let memory = try file(before.memory)
    #expect(memory.unconfirmed.map(\.wasTransmitted) == [true, false])
    var stage = Stage(80, 12, firstSend: 1000, memory: memory)
    stage.connect()
    stage.press("Alt+1")
    stage.sync(head: 302, mark: 300)
    stage.catchUp(301...301)
    stage.say("neha", "from the lobby", answering: SendID(1), sequence: 302)
    #expect(stage.pane.count { $0.contains("from the lobby") } == 1)
    #expect(!stage.pane.contains { $0.contains("--:--") })
    // The message was stored before and is reported as a duplicate.
    stage.hear(.sendConfirmed(SendID(1), sequence: 302, time: .noon))
    #expect(stage.pane.count { $0.contains("from the lobby") } == 1)
    stage.press("Ctrl+C")
    stage.enter("a new one")
    #expect(stage.takeSends().map(\.id) == [SendID(1000)])
    stage.hear(.sendConfirmed(SendID(2), sequence: nil, time: .noon))
    stage.press("Alt+3")
    #expect(stage.pane.last == "12:01       neha │ on its way")
    _ = stage.takeCommands()
    stage.press("Alt+1", "Alt+Home")
    #expect(stage.takeCommands().contains(.client(.showOlder(.lobby, before: 201))))
  }

  @Test
  func `has a message once although its number changed`() throws {
    let memory = try file(stage().memory)
    var stage = Stage(80, 12, memory: memory)
    stage.connect()
    stage.press("Alt+1")
    stage.hear(.sendConfirmed(SendID(1), sequence: 299, time: .noon))
    #expect(!stage.pane.contains { $0.contains("from the lobby") })
    #expect(stage.interface.tabs.lobby.transcript.unconfirmed.isEmpty)
  }

  @Test
  func `is kept when the log continues in another epoch`() throws {
    var stage = Stage(80, 12, memory: try file(stage().memory))
    stage.press("Alt+1")
    stage.connect()
    let shown = stage.interface.tabs.lobby.transcript.entries.compactMap(\.sequence)
    stage.hear(.continued(.lobby, Epoch(testing: "e2")))
    stage.sync(epoch: "e2", head: 300, mark: nil)
    #expect(!shown.isEmpty)
    #expect(stage.interface.tabs.lobby.transcript.entries.compactMap(\.sequence) == shown)
    #expect(stage.memory.cursors.first?.epoch == Epoch(testing: "e2"))
  }

  @Test
  func `is replaced when the log is another one or too much was missed`() throws {
    let memory = try file(stage().memory)
    var stage = Stage(80, 12, memory: memory)
    stage.press("Alt+1")
    stage.connect()
    stage.sync(epoch: "e2", head: 3, mark: nil)
    stage.page(1...3, hasMore: false)
    #expect(stage.interface.tabs.lobby.transcript.entries.compactMap(\.sequence) == [1, 2, 3])
    #expect(stage.memory.cursors.first?.epoch == Epoch(testing: "e2"))
    stage = Stage(80, 12, memory: memory)
    stage.connect()
    stage.sync(head: 900, mark: 300)
    stage.page(801...900)
    #expect(stage.interface.tabs.lobby.transcript.firstSequence == 801)
    #expect(stage.interface.tabs.lobby.unread == 600)
    // If the next messages follow directly, nothing is removed.
    stage = Stage(80, 12, memory: memory)
    stage.connect()
    stage.sync(head: 350, mark: 300)
    stage.page(251...350)
    #expect(stage.interface.tabs.lobby.transcript.entries.compactMap(\.sequence) == Array(201...350))
  }

  @Test
  func `keeps closed tabs and drops rooms that were left`() throws {
    var stage = stage()
    stage.enter("/close")
    stage.hear(.roomLeft(RoomName(testing: "#garden"), reason: "it is locked"))
    stage.press("Alt+2")
    let memory = try file(stage.memory)
    #expect(memory.tabs.map(\.target) == ["#lobby"])
    #expect(memory.unconfirmed.map(\.target) == ["#lobby", "@zoe"])
    var next = Stage(80, 10, memory: memory)
    next.hear(.sendFailed(SendID(2), reason: "No."))
    #expect(next.pane.contains { $0.hasSuffix("No. Not sent: on its way") })
    #expect(next.memory.unconfirmed.map(\.target) == ["#lobby"])
  }

  @Test
  func `is separate for each server`() throws {
    var stage = stage()
    let first = stage.memory
    stage.press("Alt+1", "Ctrl+S")
    stage.happen(.moved(to: Endpoint(testing: "example.com:4000"), InterfaceMemory()))
    #expect(stage.screen.rows[0] == " 1 #lobby")
    #expect(stage.interface.overlays.isEmpty)
    let shown = stage.pane
    #expect(shown.joined().contains("at localhost:4000: 2 messages are not sent"))
    #expect(stage.statusRow.hasPrefix(" neha · connecting to example.com:4000… "))
    #expect(stage.memory == InterfaceMemory().checked)
    // Delayed events of the first server are ignored.
    stage.hear(.sendConfirmed(SendID(1), sequence: nil, time: .noon), .sendFailed(SendID(2), reason: "No."))
    #expect(stage.pane == shown)
    stage.happen(.moved(to: Endpoint(testing: "localhost:4000"), first))
    #expect(stage.memory == first.checked)
  }

  @Test(.computing)
  func `is bounded, whatever was received and typed`() throws {
    var stage = Stage.online(80, 10)
    let text = String(repeating: "long ", count: 800)
    for number in 0..<30 { for line in 0..<60 { stage.say("zoe", text + "\(line)", in: "@p\(number)") } }
    for number in 0..<30 {
      stage.press("Ctrl+N")
      stage.paste(text + "\(number)")
    }
    let memory = stage.memory
    let data = try JSONEncoder().encode(memory)
    #expect(data.count < 4 << 20)
    #expect(memory.tabs.count == 31)
    #expect(memory.tabs[1].draft.hasSuffix("0"))
    #expect(try file(memory) == memory)
  }

  @Test
  func `that is invalid causes no harm`() {
    let message = RememberedMessage(
      author: "zoe", text: "\u{1b}[2J\u{202e}evil", time: Timestamp.noon.milliseconds, sequence: 5, isTopic: false,
      isOwn: false, isMention: false)
    var other = message
    (other.author, other.text) = ("two words", "nobody's")
    var tab = RememberedTab(
      target: "#lobby", epoch: "e1", cursor: .max, mark: .min, head: -1, isWhole: false, messages: [message, other],
      draft: "a\u{1b}b", history: ["c\u{7}d"])
    var bad = tab
    bad.target = "neither"
    let memory = InterfaceMemory(
      tabs: [bad, tab, tab], current: 1,
      unconfirmed: [
        RememberedSend(id: 1, target: "nowhere", text: "x", time: 0, wasTransmitted: false),
        RememberedSend(id: 2, target: "#lobby", text: "\u{1b}", time: 0, wasTransmitted: false),
        RememberedSend(id: 3, target: "#lobby", text: "y", time: .min, wasTransmitted: false),
        RememberedSend(id: 3, target: "#lobby", text: "z", time: .max, wasTransmitted: false),
      ])
    let stage = Stage(80, 10, memory: memory)
    #expect(stage.screen.rows[0] == " 1 #lobby")
    #expect(stage.input == "ab")
    // An invalid cursor is discarded, and then no message counts as reported.
    #expect(stage.interface.tabs.lobby.transcript.entries.isEmpty)
    #expect(stage.pane == ["--:--       neha │ y"])
    #expect(memory.checked.unconfirmed.map(\.text) == ["y"])
    tab.cursor = 5
    let shown = Stage(80, 10, memory: InterfaceMemory(tabs: [tab]))
    #expect(shown.pane.last == "12:01        zoe │ \u{fffd}[2Jevil")
    #expect(shown.memory.tabs[0].history == ["cd"])
    #expect(shown.memory.tabs[0].messages.map(\.text) == ["\u{fffd}[2Jevil"])
  }
}
