import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Text that cannot be saved.
@Suite
struct SavingTests {
  @Test
  func `text that cannot be saved is asked about before it is lost`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.type("half a tho")
    harness.press("Ctrl+Q")
    #expect(harness.takeCommands() == [.quit])
    harness.update(.saveFailed(reason: "/state/x.json cannot be written: No space left on device", isLeaving: true))
    #expect(harness.takeCommands() == [])
    harness.advanceClock(by: 1)
    let rows = harness.screen.rows.joined(separator: "\n")
    #expect(rows.contains("Your text cannot be saved"))
    #expect(rows.contains("#lobby has a draft"))
    #expect(rows.contains("y: leave, and lose it"))
    harness.press("Esc")
    #expect(harness.input == "half a tho")
    #expect(harness.interface.overlays.isEmpty)
    harness.press("Ctrl+Q")
    _ = harness.takeCommands()
    harness.update(.saveFailed(reason: "full", isLeaving: true))
    harness.update(.saveFailed(reason: "full", isLeaving: true))
    harness.advanceClock(by: 1)
    harness.update(.saveFailed(reason: "full", isLeaving: true))
    harness.press("y")
    #expect(harness.takeCommands() == [.quitUnsaved])
  }

  @Test
  func `quitting needs no question when nothing was typed`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.update(.saveFailed(reason: "full", isLeaving: true))
    #expect(harness.takeCommands() == [.quitUnsaved])
  }

  @Test(arguments: [80, 40])
  func `a failure to save is reported once, and in the status line while there is text to lose`(columns: Int) {
    var harness = InterfaceHarness.online(columns, 24)
    for _ in 1...3 { harness.update(.saveFailed(reason: "the disk is \u{1b}full", isLeaving: false)) }
    #expect(harness.pane.count { $0.contains("cannot be saved") } == 1)
    #expect(!harness.statusRow.contains("not saved"))
    harness.type("x")
    #expect(harness.statusRow.hasPrefix(" not saved · "))
    harness.press("Enter")
    #expect(harness.statusRow.hasPrefix(" not saved · "), "a message is unsaved until the server confirms it")
    harness.receive(.sendConfirmed(SendID(1), sequence: nil, time: .noon))
    #expect(!harness.statusRow.contains("not saved"))
    harness.type("y")
    harness.update(.saved)
    harness.update(.saved)
    #expect(!harness.statusRow.contains("not saved"))
    #expect(harness.pane.count { $0.contains("is saved again") } == 1)
  }

  @Test(.computing)
  func `text that is too long to be saved is asked about too`() {
    var harness = InterfaceHarness.online(80, 24)
    // Few characters with many bytes each, to keep the test fast.
    let long = String(repeating: "a" + String(repeating: "\u{301}", count: 200), count: LineEditor.maximumBytes / 401)
    harness.paste(long)
    #expect(harness.interface.servers.shown.unkeptDrafts == [])
    harness.press("Ctrl+Q")
    #expect(harness.takeCommands() == [.quit])
    #expect(harness.memory.tabs[0].draft == long)
    for number in 1...17 {
      harness.receiveDirectMessage(from: "p\(number)", "hi")
      harness.press("Alt+1", "Ctrl+P")
      harness.paste(long)
    }
    #expect(!harness.interface.servers.shown.unkeptDrafts.isEmpty)
    _ = harness.takeCommands()
    harness.press("Ctrl+Q")
    #expect(harness.takeCommands() == [])
    #expect(harness.screen.rows.joined().contains("is too long"))
    harness.press("y")
    #expect(harness.takeCommands() == [.quitUnsaved])
    // A server with such a text is not closed either.
    harness.press("Esc")
    harness.open("work.example.org:4000")
    harness.enter("/disconnect localhost")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.pane.joined(separator: " ").contains("too long to be saved"))
  }

  @Test
  func `text of another client is sent by this one, each message once`() {
    var harness = InterfaceHarness.online(80, 24)
    let sends = [
      RememberedSend(id: 77, target: "#lobby", text: "from the other", time: 5, wasTransmitted: false),
      RememberedSend(id: 78, target: "@zoe", text: "psst", time: 6, wasTransmitted: true),
      RememberedSend(id: 79, target: "nowhere", text: "x", time: 7, wasTransmitted: false),
    ]
    harness.update(.recovered(sends.compactMap(\.message)))
    harness.update(.recovered(sends.compactMap(\.message)))
    #expect(harness.memory.unconfirmed == Array(sends.prefix(2)))
    #expect(harness.pane.count { $0.contains("2 messages that another window") } == 1)
    harness.receiveMessage(from: "neha", "from the other", answering: SendID(77))
    #expect(harness.pane.last == "        neha    from the other")
    harness.receive(.sendFailed(SendID(78), reason: "No."))
    harness.press("Ctrl+N")
    #expect(harness.input == "psst")
  }
}
