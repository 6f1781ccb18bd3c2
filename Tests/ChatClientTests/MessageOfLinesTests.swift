import ChatModel
import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct MessageOfLinesTests {
  private func texts(_ harness: inout ClientSessionHarness) -> [String] {
    harness.takeEvents().compactMap { if case .message(let message) = $0 { message.text } else { nil } }
  }

  /// `label=7`, the tag of a request.
  private func label(of line: String) -> String {
    line.split(whereSeparator: { "@; ".contains($0) }).first { $0.hasPrefix("label=") }.map(String.init) ?? ""
  }

  @Test func `a message of several lines is sent, confirmed and received as one`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("a\n\n\\b")
    let sent = harness.takeSent().last ?? ""
    #expect(sent.contains(";lines;") && sent.hasSuffix(" MSG a\\n\\n\\\\b"))
    harness.receive("@seq=6;id=6;lines MSG neha a\\n\\n\\\\b")
    harness.receive("@\(label(of: sent));seq=6;id=6 OK MSG")
    let messages = harness.takeEvents().compactMap { event -> ChatMessage? in
      if case .message(let message) = event { message } else { nil }
    }
    #expect(messages.map(\.text) == ["a\n\n\\b"])
    #expect(messages.map(\.answersSend) == [id])
    #expect(messages.map(\.sequence) == [6])
  }

  @Test func `each line of a received message is safe to display`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=6;id=6;lines MSG akash \\n a\u{202e}\\n\\tb\\n\tc\\n")
    #expect(texts(&harness) == [" a\n\\tb\n    c"])
    harness.receive("@seq=7;id=7;lines MSG akash \(String(repeating: "x\\n", count: 1500))y")
    let lines = texts(&harness)[0].split(separator: "\n")
    #expect(lines.count == MessageLines.maximum)
    #expect(lines.last?.hasSuffix(" x y") == true)
    // A topic and a notice have one line.
    harness.receive("@seq=8;id=8;lines TOPIC akash a\\nb")
    #expect(texts(&harness) == ["a\\nb"])
  }

  @Test func `a server that takes only single lines is sent none, and the text comes back`() {
    var harness = ClientSessionHarness.tagged()
    let id = harness.send("a\nb")
    #expect(harness.takeSent() == [])
    #expect(
      harness.takeEvents() == [
        .sendFailed(id, reason: "This server takes only one line per message.", failure: .notStored)
      ])
    let next = harness.send("a")
    #expect(harness.takeSent().last?.hasSuffix(" MSG a") == true)
    #expect(!harness.events.contains { $0.answers == next })
  }

  @Test func `a text with too many lines or bytes is not sent`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    _ = harness.send(String(repeating: "x\n", count: 50) + "x")
    _ = harness.send(String(repeating: "x", count: 2043) + "\n" + String(repeating: "\\", count: 1024))
    let reasons = harness.takeEvents().compactMap { event -> String? in
      if case .sendFailed(_, let reason, _) = event { reason } else { nil }
    }
    #expect(
      reasons == ["It has 51 lines; a message has at most 50.", "It is 1 byte too long for one message."])
    #expect(harness.takeSent() == [])
    _ = harness.send(String(repeating: "x", count: 2042) + "\n" + String(repeating: "\\", count: 1024))
    #expect(harness.takeSent().count == 1)
  }

  @Test func `history has messages of several lines`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("GAP #lobby 6 7")
    let label = label(of: harness.takeSent().last ?? "")
    harness.receive(
      "@\(label) BATCH +q history #lobby", "@batch=q;seq=6;id=6;lines MSG akash a\\nb",
      "@batch=q;seq=7;id=7 MSG akash c", "BATCH -q")
    #expect(texts(&harness) == ["a\nb", "c"])
  }
}
