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
  private func harness(_ columns: Int = 80, _ rows: Int = 10) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["zoe"])
    harness.receiveHead(head: 300, mark: 300)
    harness.receivePage(101...300)
    harness.receive(.roomJoined(RoomName(testing: "#garden")))
    harness.receiveHead("#garden", head: 2, mark: 1)
    harness.receivePage(1...2, in: "#garden", hasMore: false)
    harness.receiveDirectMessage(from: "zoe", "psst", sequence: 1)
    harness.enter("from the lobby")
    harness.type("half a tho")
    harness.press("Alt+3")
    harness.enter("on its way")
    _ = harness.takeCommands()
    return harness
  }

  /// The memory after it was written to a file and read again.
  private func file(_ memory: InterfaceMemory) throws -> InterfaceMemory {
    try JSONDecoder().decode(InterfaceMemory.self, from: JSONEncoder().encode(memory)).checked
  }

  @Test
  func `the saved screen is shown by the next run before there is a connection`() throws {
    let memory = try file(harness().memory)
    var harness = InterfaceHarness(80, 10, memory: memory)
    harness.expectScreen(
      """
       1 #lobby  2 #garden•1  3 @zoe




      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  zoe     psst
       --:--  neha    on its way
       neha · connecting to localhost:4000…                                   F1 help
       @zoe›
      """)
    harness.press("Alt+1")
    #expect(harness.input == "half a tho")
    #expect(harness.pane.contains(" 11:06          300"))
    #expect(harness.pane.last == " --:--  neha    from the lobby")
    harness.press("Ctrl+C", "↑", "↑")
    #expect(harness.input == "from the lobby")
    harness.press("Alt+Home")
    #expect(harness.pane.first?.contains("Sunday") == true)
    #expect(harness.pane.contains(" 11:04  zoe     201"))
    #expect(!harness.pane.contains { $0.hasSuffix(" 200") })
  }

  @Test
  func `the saved screen has the last shown messages and the unsent ones`() throws {
    let memory = try file(harness().memory)
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
  func `the saved screen is continued without duplicates`() throws {
    var before = harness()
    before.receive(.sending(SendID(1)))
    let memory = try file(before.memory)
    #expect(memory.unconfirmed.map(\.wasTransmitted) == [true, false])
    var harness = InterfaceHarness(80, 12, firstSend: 1000, memory: memory)
    harness.goOnline()
    harness.press("Alt+1")
    harness.receiveHead(head: 302, mark: 300)
    harness.receiveMissed(301...301)
    harness.receiveMessage(from: "neha", "from the lobby", answering: SendID(1), sequence: 302)
    #expect(harness.pane.count { $0.contains("from the lobby") } == 1)
    #expect(!harness.pane.contains { $0.contains("--:--") })
    // The message was stored before and is reported as a duplicate.
    harness.receive(.sendConfirmed(SendID(1), sequence: 302, time: .noon))
    #expect(harness.pane.count { $0.contains("from the lobby") } == 1)
    harness.press("Ctrl+C")
    harness.enter("a new one")
    #expect(harness.takeSends().map(\.id) == [SendID(1000)])
    harness.receive(.sendConfirmed(SendID(2), sequence: nil, time: .noon))
    harness.press("Alt+3")
    #expect(harness.pane.last == "        neha    on its way")
    _ = harness.takeCommands()
    harness.press("Alt+1", "Alt+Home")
    #expect(harness.takeCommands().contains(.client(.showOlder(.lobby, before: 201))))
  }

  @Test
  func `the saved screen has a message once although its number changed`() throws {
    let memory = try file(harness().memory)
    var harness = InterfaceHarness(80, 12, memory: memory)
    harness.goOnline()
    harness.press("Alt+1")
    harness.receive(.sendConfirmed(SendID(1), sequence: 299, time: .noon))
    #expect(!harness.pane.contains { $0.contains("from the lobby") })
    #expect(harness.interface.tabs.lobby.transcript.unconfirmed.isEmpty)
  }

  @Test
  func `the saved screen is kept when the log continues in another epoch`() throws {
    var harness = InterfaceHarness(80, 12, memory: try file(harness().memory))
    harness.press("Alt+1")
    harness.goOnline()
    let shown = harness.interface.tabs.lobby.transcript.entries.compactMap(\.sequence)
    harness.receive(.continued(.lobby, Epoch(testing: "e2")))
    harness.receiveHead(epoch: "e2", head: 300, mark: nil)
    #expect(!shown.isEmpty)
    #expect(harness.interface.tabs.lobby.transcript.entries.compactMap(\.sequence) == shown)
    #expect(harness.memory.cursors.first?.epoch == Epoch(testing: "e2"))
  }

  @Test
  func `the saved screen is replaced when the log is another one or too much was missed`() throws {
    let memory = try file(harness().memory)
    var harness = InterfaceHarness(80, 12, memory: memory)
    harness.press("Alt+1")
    harness.goOnline()
    harness.receiveHead(epoch: "e2", head: 3, mark: nil)
    harness.receivePage(1...3, hasMore: false)
    #expect(harness.interface.tabs.lobby.transcript.entries.compactMap(\.sequence) == [1, 2, 3])
    #expect(harness.memory.cursors.first?.epoch == Epoch(testing: "e2"))
    harness = InterfaceHarness(80, 12, memory: memory)
    harness.goOnline()
    harness.receiveHead(head: 900, mark: 300)
    harness.receivePage(801...900)
    #expect(harness.interface.tabs.lobby.transcript.firstSequence == 801)
    #expect(harness.interface.tabs.lobby.unread == 600)
    // If the next messages follow directly, nothing is removed.
    harness = InterfaceHarness(80, 12, memory: memory)
    harness.goOnline()
    harness.receiveHead(head: 350, mark: 300)
    harness.receivePage(251...350)
    #expect(harness.interface.tabs.lobby.transcript.entries.compactMap(\.sequence) == Array(201...350))
  }

  @Test
  func `the saved screen keeps closed tabs and drops rooms that were left`() throws {
    var harness = harness()
    harness.enter("/close")
    harness.receive(.roomLeft(RoomName(testing: "#garden"), reason: "it is locked"))
    harness.press("Alt+2")
    let memory = try file(harness.memory)
    #expect(memory.tabs.map(\.target) == ["#lobby"])
    #expect(memory.unconfirmed.map(\.target) == ["#lobby", "@zoe"])
    var next = InterfaceHarness(80, 10, memory: memory)
    next.receive(.sendFailed(SendID(2), reason: "No."))
    #expect(next.pane.contains { $0.hasSuffix("No. Not sent: on its way") })
    #expect(next.memory.unconfirmed.map(\.target) == ["#lobby"])
  }

  @Test
  func `the saved screen is separate for each server`() throws {
    var harness = harness()
    let first = harness.memory
    harness.press("Alt+1", "Ctrl+S")
    harness.open("example.com:4000")
    #expect(harness.memory == InterfaceMemory().checked)
    harness.close("localhost:4000")
    #expect(harness.tabBar == " 1 #lobby")
    #expect(harness.interface.overlays.isEmpty)
    let shown = harness.pane
    #expect(shown.joined().contains("localhost is closed: 2 messages are not sent"))
    #expect(harness.statusRow.hasPrefix(" neha · connecting to example.com:4000… "))
    #expect(harness.memory == InterfaceMemory().checked)
    harness.server = .local
    // Delayed events of the first server are ignored.
    harness.receive(.sendConfirmed(SendID(1), sequence: nil, time: .noon), .sendFailed(SendID(2), reason: "No."))
    #expect(harness.pane == shown)
    harness.open("localhost:4000", memory: first)
    #expect(harness.memory == first.checked)
  }

  @Test(.computing)
  func `the saved screen is bounded, whatever was received and typed`() throws {
    var harness = InterfaceHarness.online(80, 10)
    let text = String(repeating: "long ", count: 800)
    for number in 0..<30 {
      for line in 0..<60 { harness.receiveMessage(from: "zoe", text + "\(line)", in: "@p\(number)") }
    }
    for number in 0..<30 {
      harness.press("Ctrl+N")
      harness.paste(text + "\(number)")
    }
    let memory = harness.memory
    let data = try JSONEncoder().encode(memory)
    #expect(data.count < 4 << 20)
    #expect(memory.tabs.count == 31)
    #expect(memory.tabs[1].draft.hasSuffix("0"))
    #expect(try file(memory) == memory)
  }

  @Test
  func `a saved screen that is invalid causes no harm`() {
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
    let harness = InterfaceHarness(80, 10, memory: memory)
    #expect(harness.tabBar == " 1 #lobby")
    #expect(harness.input == "ab")
    // An invalid cursor is discarded, and then no message counts as reported.
    #expect(harness.interface.tabs.lobby.transcript.entries.isEmpty)
    #expect(harness.pane == [" --:--  neha    y"])
    #expect(memory.checked.unconfirmed.map(\.text) == ["y"])
    tab.cursor = 5
    let shown = InterfaceHarness(80, 10, memory: InterfaceMemory(tabs: [tab]))
    #expect(shown.pane.last == " 12:01  zoe     \u{fffd}[2Jevil")
    #expect(shown.memory.tabs[0].history == ["cd"])
    #expect(shown.memory.tabs[0].messages.map(\.text) == ["\u{fffd}[2Jevil"])
  }
}
