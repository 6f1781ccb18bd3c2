import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Typed text.
@Suite
struct KeptTextTests {
  /// Types unique words and presses random keys, except keys that delete.
  private struct RandomUser {
    var random: SeededGenerator
    var harness = InterfaceHarness.online(80, 24, with: ["zoe", "akash"])
    var words: [String] = []
    var count = 0
    var runs: UInt64 = 0
    /// Words that a server has confirmed.
    var arrived = ""
    var underWay: [(id: SendID, text: String)] = []
    /// The memory of servers that were left.
    var former: [InterfaceMemory] = []

    mutating func word() -> String {
      count += 1
      words.append("word\(count)x")
      // At the end of the line, the word does not become part of another one.
      harness.press("Ctrl+E")
      return words[words.count - 1]
    }

    /// - Returns: whether a tab may have been closed, with its history.
    mutating func step() -> Bool {
      let step = random.number(0...21)
      // A command that failed stays in the input, and Enter carries it out.
      let entersCommand = [9, 10].contains(step) && harness.input.hasPrefix("/")
      switch step {
      case 0...3 where harness.interface.overlays.isEmpty: harness.type(word() + " ")
      case 4: harness.paste(random.flip() ? word() : "\(word())\n\(word())\n")
      case 5: harness.press("F1")
      case 6: harness.press(random.pick(["Ctrl+R", "Ctrl+S", "Ctrl+G", "F6"]))
      case 7: harness.press("Esc")
      case 8: harness.press("Ctrl+C")
      case 9, 10: harness.press("Enter")
      case 11: harness.press(random.pick(["↑", "↓"]))
      case 12: harness.press(random.pick(["Ctrl+N", "Ctrl+P", "Alt+1", "Alt+A"]))
      case 13 where harness.interface.overlays.isEmpty && harness.input.trimmingSpaces.isEmpty:
        harness.press("Ctrl+C")
        harness.enter(
          random.pick(["/close", "/part #garden", "/clear", "/dm zoe", "/me", "/nosuch", "/dm akash \(word())"]))
      case 14: harness.receive(.roomJoined(RoomName(testing: "#garden")))
      case 15: harness.receive(.roomLeft(RoomName(testing: "#garden"), reason: "locked"))
      case 16: harness.receive(.offline(Outage(reason: "gone", retryIn: nil, isRefused: random.flip(), isFirst: true)))
      case 17: harness.goOnline()
      case 18, 19: answer()
      case 20 where random.number(0...4) == 0:
        former.append(harness.memory)
        underWay = []
        let server = harness.server
        harness.open(server == .local ? "example.com:4000" : "localhost:4000")
        harness.close(server.description)
      case 21:
        let memory = harness.memory.checked
        runs += 1
        harness = InterfaceHarness(80, 24, firstSend: 1000 * runs, memory: memory)
        harness.goOnline()
      default:
        let key = random.pick(["Alt+Enter", "Tab", "PgUp", "Ctrl+A", "Ctrl+E", "F8"])
        // A new line inside a word would split it.
        if key == "Alt+Enter" { harness.press("Ctrl+E") }
        harness.press(key)
      }
      underWay += harness.takeSends().map { ($0.id, $0.text) }
      return entersCommand || [13, 15, 21].contains(step)
    }

    mutating func answer() {
      guard !underWay.isEmpty else { return }
      let (id, text) = underWay.removeFirst()
      if random.flip() {
        harness.receive(.sendFailed(id, reason: "No."))
      } else {
        arrived += text + "\n"
        harness.receive(.sendConfirmed(id, sequence: nil, time: .noon))
      }
    }

    private var memories: [InterfaceMemory] { former + [harness.memory] }

    /// Text that the next run would show or send.
    var shown: String {
      memories.map { (($0.tabs.map(\.draft) + $0.unconfirmed.map(\.text)).joined(separator: "\n")) }
        .joined(separator: "\n") + prompts
    }

    /// Text that Up would recall in the next run.
    var history: String { memories.flatMap(\.tabs).flatMap(\.history).joined(separator: "\n") }

    /// Text in prompts other than the input.
    private var prompts: String {
      switch harness.interface.overlays.top {
      case let search as PaneSearch: search.editor.text
      case let switcher as Switcher: switcher.editor.text
      case let search as HistorySearch: search.needle
      default: ""
      }
    }
  }

  @Test(.computing, arguments: SeededGenerator.seeds(24))
  func `typed text is sent or found again by the next run, whatever happens`(seed: UInt64) throws {
    var user = RandomUser(random: SeededGenerator(seed: seed))
    for number in 0..<120 where user.words.count < 24 {
      let overlays = user.harness.interface.overlays
      let before = user.shown.replacing("\n", with: "")
      let mayClose = user.step()
      // Esc and then Enter make a new line, perhaps inside a word.
      let (arrived, shown, history) = (
        user.arrived.replacing("\n", with: ""), user.shown.replacing("\n", with: ""),
        user.history.replacing("\n", with: "")
      )
      var lost = user.words.filter { !arrived.contains($0) && !shown.contains($0) && !history.contains($0) }
      // Text that was cleared, or reported as returned, is recalled as long as its tab exists.
      if mayClose {
        user.words.removeAll { lost.contains($0) && !before.contains($0) }
        lost.removeAll { !before.contains($0) }
      }
      // Text in a search is discarded with it.
      guard overlays.isEmpty else {
        user.words.removeAll(where: lost.contains)
        continue
      }
      try #require(
        lost.isEmpty, "SWIFTCHAT_SEED=\(seed), step \(number) in \(overlays): \(lost)\n\(user.harness.screen.rows)")
    }
  }

  @Test
  func `typed text stays the draft when a history entry is sent instead`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("one")
    harness.enter("two")
    harness.type("a draft")
    harness.press("↑", "Enter")
    #expect(harness.takeSends().map(\.text) == ["one", "two", "two"])
    harness.press("↑", "↑")
    #expect(harness.input == "a draft")
    harness.press("↓", "↓")
    // A recalled and changed entry keeps its changes.
    harness.press("↑")
    harness.type("!")
    harness.press("↑", "↓")
    #expect(harness.input == "two!")
    // Another search keeps the text.
    harness.press("Ctrl+C")
    harness.type("unfinished")
    harness.press("Ctrl+R")
    harness.type("one")
    harness.press("Enter")
    #expect(harness.input == "one")
    harness.press("↑")
    #expect(harness.input == "unfinished")
  }

  @Test(arguments: ["/part #garden", "Alt+2 /close"])
  func `typed text in a closed tab is recalled in the next`(how: String) {
    var harness = InterfaceHarness.online(80, 24)
    harness.receive(.roomJoined(RoomName(testing: "#garden")))
    harness.press("Alt+2")
    harness.type("what I meant")
    harness.press("Alt+1")
    if how.hasPrefix("/") {
      harness.enter(how)
    } else {
      harness.press("Alt+2", "Ctrl+C")
      harness.enter("/close")
    }
    harness.press("↑")
    if how.hasPrefix("/") {
      #expect(harness.input == "what I meant")
      let told = "your draft in #garden can be called back here with ↑"
      #expect(harness.interface.tabs.lobby.transcript.entries.contains { $0.body == .notice(told) })
    }
  }

  @Test
  func `a paste is accepted, whatever overlay is open`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.press("F1")
    harness.paste("in help ")
    #expect(harness.interface.overlays.isEmpty)
    for question in [
      InterfaceEvent.saveFailed(reason: "full", isLeaving: true),
      .client(.distrusted(Endpoint(testing: "x:1"), known: .testing(1), seen: nil)),
    ] {
      harness.update(question)
      harness.advanceClock(by: 1)
      let overlays = harness.interface.overlays
      harness.paste("y ")
      #expect(harness.interface.overlays == overlays, "a paste does not answer a question")
      harness.press("Esc")
    }
    #expect(harness.input == "in help y y ")
    let zoe = Nickname(testing: "zoe")
    harness.receive(.nameRefused(zoe, .taken, suggestion: zoe))
    harness.advanceClock(by: 1)
    harness.paste(String(repeating: "a long text ", count: 10))
    #expect(harness.input.hasSuffix("a long text "))
    harness.paste("2")
    harness.press("Enter")
    #expect(harness.takeCommands().contains(.client(.useName(Nickname(testing: "zoe2")))))
  }

  @Test
  func `typed text that stays behind at another server is reported`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.type("half")
    harness.open("example.com:4000")
    harness.close("localhost:4000")
    #expect(harness.pane.joined().contains("localhost is closed: #lobby has a draft"))
  }
}
