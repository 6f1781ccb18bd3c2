import ChatModel
import ChatProtocol
import Testing

@testable import ChatUI

@Suite
struct ErrorTests {
  private static let long = String(repeating: "0123456789 ", count: 600)

  @Test(arguments: [80, 40])
  func `errors about typed text do not repeat it`(columns: Int) {
    for input in ["/nosuch", "/" + String(repeating: "x", count: 500), "/dm \(String(repeating: "y", count: 500)) hi"] {
      var harness = InterfaceHarness.online(columns, 24)
      harness.paste(input)
      harness.press("Enter")
      #expect(harness.pane.count <= 5, "\(harness.pane)")
    }
  }

  @Test(arguments: [80, 40])
  func `errors about an unknown command take one status line, and the command stays`(columns: Int) {
    var harness = InterfaceHarness.online(columns, 24)
    let before = harness.pane
    for _ in 1...5 { harness.type("/cler"); harness.press("Enter", "Ctrl+C") }
    harness.enter("/cler")
    #expect(harness.pane == before)
    #expect(harness.statusRow.hasPrefix(" there is no /cler"))
    #expect(harness.input == "/cler")
    harness.type("x")
    #expect(!harness.statusRow.contains("there is no"))
  }

  @Test
  func `errors about a message that is too long show the beginning of the message`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.paste(Self.long)
    harness.press("Enter")
    let (id, _, text) = harness.takeSends()[0]
    let before = harness.pane.count
    harness.receive(.sendFailed(id, reason: "It is 2504 bytes too long for one message."))
    #expect(harness.input == text)
    #expect(harness.pane.count <= before + 2)
    #expect(harness.pane.suffix(2).joined().contains("Not sent: 0123456789"))
  }

  @Test
  func `errors of one kind take one line for any number of messages`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.paste((1...300).map { "line \($0)" }.joined(separator: "\n"))
    harness.press("Enter", "Enter")
    for (id, _, _) in harness.takeSends().suffix(100) {
      harness.receive(.sendFailed(id, reason: "Too many messages wait to be sent."))
    }
    let alerts = harness.interface.tabs.lobby.transcript.entries.filter {
      if case .alert = $0.body { true } else { false }
    }
    #expect(alerts.map(\.body) == [.alert("Too many messages wait to be sent. Not sent: 100 messages")])
    #expect(harness.input.split(separator: "\n").count == 100)
    harness.receiveMessage(from: "zoe", "in between")
    harness.receive(.sendFailed(SendID(1), reason: "Too many messages wait to be sent."))
    #expect(harness.pane.last?.contains("Too many messages wait to be sent.") == true || harness.pane.count > 2)
  }

  @Test
  func `errors about a message that is sent again and refused again count it once`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("hello")
    for _ in 1...3 {
      harness.receive(.sendFailed(harness.takeSends()[0].id, reason: "No."))
      #expect(harness.pane.last?.hasSuffix("No. Not sent: hello") == true)
      harness.press("Enter")
    }
    harness.receive(.sendConfirmed(harness.takeSends()[0].id, sequence: nil, time: .noon))
    harness.enter("one")
    harness.enter("two")
    for (id, _, _) in harness.takeSends() { harness.receive(.sendFailed(id, reason: "No.")) }
    #expect(harness.pane.last?.hasSuffix("No. Not sent: 2 messages") == true)
    harness.press("Enter")
    for (id, _, _) in harness.takeSends() { harness.receive(.sendFailed(id, reason: "No.")) }
    #expect(harness.pane.last?.hasSuffix("No. Not sent: one ⏎ two") == true)
  }

  @Test
  func `errors about a message that may have arrived do not call it unsent`() {
    var harness = InterfaceHarness.online(80, 24)
    let alerts: (InterfaceHarness) -> [TranscriptEntry.Body] = { harness in
      harness.interface.tabs.lobby.transcript.entries.map(\.body).filter { if case .alert = $0 { true } else { false } }
    }
    harness.enter("psst")
    harness.receive(.sendFailed(SendID(1), reason: "It broke.", failure: .unconfirmed))
    let doubtful = TranscriptEntry.Body.alert("It broke. Perhaps delivered, check before sending again: psst")
    #expect(alerts(harness) == [doubtful])
    #expect(harness.input == "psst")
    // Such messages are not counted together with those that were not sent.
    harness.press("Enter")
    harness.receive(.sendFailed(SendID(2), reason: "It broke.", failure: .notStored))
    #expect(alerts(harness) == [doubtful, .alert("It broke. Not sent: psst")])
  }

  @Test(arguments: [80, 40])
  func `errors of a server are cut to a few lines`(columns: Int) {
    var harness = InterfaceHarness.online(columns, 24)
    harness.receive(.serverError(Self.long))
    #expect(harness.interface.tabs.lobby.transcript.bytes < 4096)
    harness.receive(.offline(Outage(reason: Self.long, retryIn: nil)))
    #expect(harness.interface.tabs.lobby.transcript.bytes < 8192)
  }
}
