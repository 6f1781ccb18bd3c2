import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Text that cannot be saved.
@Suite
struct SavingTests {
  @Test
  func `is asked about before it is lost`() {
    var stage = Stage.online(80, 24)
    stage.type("half a tho")
    stage.press("Ctrl+Q")
    #expect(stage.takeCommands() == [.quit])
    stage.happen(.saveFailed(reason: "/state/x.json cannot be written: No space left on device", isLeaving: true))
    #expect(stage.takeCommands() == [])
    stage.wait(1)
    let rows = stage.screen.rows.joined(separator: "\n")
    #expect(rows.contains("What you typed cannot be saved"))
    #expect(rows.contains("#lobby has a draft"))
    #expect(rows.contains("y: leave, and lose it"))
    stage.press("Esc")
    #expect(stage.input == "half a tho")
    #expect(stage.interface.overlays.isEmpty)
    stage.press("Ctrl+Q")
    _ = stage.takeCommands()
    stage.happen(.saveFailed(reason: "full", isLeaving: true))
    stage.happen(.saveFailed(reason: "full", isLeaving: true))
    stage.wait(1)
    stage.happen(.saveFailed(reason: "full", isLeaving: true))
    stage.press("y")
    #expect(stage.takeCommands() == [.quitUnsaved])
  }

  @Test
  func `needs no question when nothing was typed`() {
    var stage = Stage.online(80, 24)
    stage.happen(.saveFailed(reason: "full", isLeaving: true))
    #expect(stage.takeCommands() == [.quitUnsaved])
  }

  @Test(arguments: [80, 40])
  func `is reported once, and in the status line while there is text to lose`(columns: Int) {
    var stage = Stage.online(columns, 24)
    for _ in 1...3 { stage.happen(.saveFailed(reason: "the disk is \u{1b}full", isLeaving: false)) }
    #expect(stage.pane.count { $0.contains("cannot be saved") } == 1)
    #expect(!stage.statusRow.contains("not saved"))
    stage.type("x")
    #expect(stage.statusRow.hasPrefix(" not saved · "))
    stage.press("Enter")
    #expect(stage.statusRow.hasPrefix(" not saved · "), "it waits for the server's word")
    stage.hear(.sendConfirmed(SendID(1), sequence: nil, time: .noon))
    #expect(!stage.statusRow.contains("not saved"))
    stage.type("y")
    stage.happen(.saved)
    stage.happen(.saved)
    #expect(!stage.statusRow.contains("not saved"))
    #expect(stage.pane.count { $0.contains("is saved again") } == 1)
  }

  @Test(.computing)
  func `because it is too long is asked about too`() {
    var stage = Stage.online(80, 24)
    // Few characters with many bytes each, to keep the test fast.
    let long = String(repeating: "a" + String(repeating: "\u{301}", count: 200), count: LineEditor.maximumBytes / 401)
    stage.paste(long)
    #expect(stage.interface.unkeptDrafts == [])
    stage.press("Ctrl+Q")
    #expect(stage.takeCommands() == [.quit])
    #expect(stage.memory.tabs[0].draft == long)
    for number in 1...17 {
      stage.write("p\(number)", "hi")
      stage.press("Alt+1", "Ctrl+P")
      stage.paste(long)
    }
    #expect(!stage.interface.unkeptDrafts.isEmpty)
    _ = stage.takeCommands()
    stage.press("Ctrl+Q")
    #expect(stage.takeCommands() == [])
    #expect(stage.screen.rows.joined().contains("is too long"))
    stage.press("y")
    #expect(stage.takeCommands() == [.quitUnsaved])
  }

  @Test
  func `of another client is sent by this one, each message once`() {
    var stage = Stage.online(80, 24)
    let sends = [
      RememberedSend(id: 77, target: "#lobby", text: "from the other", time: 5, wasTransmitted: false),
      RememberedSend(id: 78, target: "@zoe", text: "psst", time: 6, wasTransmitted: true),
      RememberedSend(id: 79, target: "nowhere", text: "x", time: 7, wasTransmitted: false),
    ]
    stage.happen(.recovered(sends.compactMap(\.message)))
    stage.happen(.recovered(sends.compactMap(\.message)))
    #expect(stage.memory.unconfirmed == Array(sends.prefix(2)))
    #expect(stage.pane.count { $0.contains("2 messages that another window") } == 1)
    stage.say("neha", "from the other", answering: SendID(77))
    #expect(stage.pane.last == "12:01       neha │ from the other")
    stage.hear(.sendFailed(SendID(78), reason: "No."))
    stage.press("Ctrl+N")
    #expect(stage.input == "psst")
  }
}
