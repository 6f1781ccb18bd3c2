import ChatModel
import ChatProtocol
import Testing

@testable import ChatUI

/// Errors.
@Suite
struct ErrorTests {
  private static let long = String(repeating: "0123456789 ", count: 600)

  @Test(arguments: [80, 40])
  func `about typed text do not repeat it`(columns: Int) {
    for input in ["/nosuch", "/" + String(repeating: "x", count: 500), "/dm \(String(repeating: "y", count: 500)) hi"] {
      var stage = Stage.online(columns, 24)
      stage.paste(input)
      stage.press("Enter")
      #expect(stage.pane.count <= 5, "\(stage.pane)")
    }
  }

  @Test(arguments: [80, 40])
  func `about an unknown command take one status line, and the command stays`(columns: Int) {
    var stage = Stage.online(columns, 24)
    let before = stage.pane
    for _ in 1...5 { stage.type("/cler"); stage.press("Enter", "Ctrl+C") }
    stage.enter("/cler")
    #expect(stage.pane == before)
    #expect(stage.statusRow.hasPrefix(" there is no /cler"))
    #expect(stage.input == "/cler")
    stage.type("x")
    #expect(!stage.statusRow.contains("there is no"))
  }

  @Test
  func `about a message that is too long show the beginning of the message`() {
    var stage = Stage.online(80, 24)
    stage.paste(Self.long)
    stage.press("Enter")
    let (id, _, text) = stage.takeSends()[0]
    let before = stage.pane.count
    stage.hear(.sendFailed(id, reason: "It is 2504 bytes too long for one message."))
    #expect(stage.input == text)
    #expect(stage.pane.count <= before + 2)
    #expect(stage.pane.suffix(2).joined().contains("Not sent: 0123456789"))
  }

  @Test
  func `of one kind take one line for any number of messages`() {
    var stage = Stage.online(80, 24)
    stage.paste((1...300).map { "line \($0)" }.joined(separator: "\n"))
    stage.press("Enter", "Enter")
    for (id, _, _) in stage.takeSends().suffix(100) {
      stage.hear(.sendFailed(id, reason: "Too many messages wait to be sent."))
    }
    let alerts = stage.interface.tabs.lobby.transcript.entries.filter {
      if case .alert = $0.body { true } else { false }
    }
    #expect(alerts.map(\.body) == [.alert("Too many messages wait to be sent. Not sent: 100 messages")])
    #expect(stage.input.split(separator: "\n").count == 100)
    stage.say("zoe", "in between")
    stage.hear(.sendFailed(SendID(1), reason: "Too many messages wait to be sent."))
    #expect(stage.pane.last?.contains("Too many messages wait to be sent.") == true || stage.pane.count > 2)
  }

  @Test(arguments: [80, 40])
  func `of a server are cut to a few lines`(columns: Int) {
    var stage = Stage.online(columns, 24)
    stage.hear(.serverError(Self.long))
    #expect(stage.interface.tabs.lobby.transcript.bytes < 4096)
    stage.hear(.offline(Outage(reason: Self.long, retryIn: nil)))
    #expect(stage.interface.tabs.lobby.transcript.bytes < 8192)
  }
}
