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
    var stage = Stage.online(80, 24, with: ["zoe", "akash"])
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
      // Not inside another word.
      stage.press("Ctrl+E")
      return words[words.count - 1]
    }

    /// - Returns: whether a tab may have been closed, with its history.
    mutating func step() -> Bool {
      let step = random.number(0...21)
      switch step {
      case 0...3 where stage.interface.overlays.isEmpty: stage.type(word() + " ")
      case 4: stage.paste(random.flip() ? word() : "\(word())\n\(word())\n")
      case 5: stage.press("F1")
      case 6: stage.press(random.pick(["Ctrl+R", "Ctrl+S", "Ctrl+G", "F6"]))
      case 7: stage.press("Esc")
      case 8: stage.press("Ctrl+C")
      case 9, 10: stage.press("Enter")
      case 11: stage.press(random.pick(["↑", "↓"]))
      case 12: stage.press(random.pick(["Ctrl+N", "Ctrl+P", "Alt+1", "Alt+A"]))
      case 13 where stage.interface.overlays.isEmpty && stage.input.trimmingSpaces.isEmpty:
        stage.press("Ctrl+C")
        stage.enter(
          random.pick(["/close", "/part #garden", "/clear", "/dm zoe", "/me", "/nosuch", "/dm akash \(word())"]))
      case 14: stage.hear(.roomJoined(RoomName(testing: "#garden")))
      case 15: stage.hear(.roomLeft(RoomName(testing: "#garden"), reason: "locked"))
      case 16: stage.hear(.offline(Outage(reason: "gone", retryIn: nil, isRefused: random.flip(), isFirst: true)))
      case 17: stage.connect()
      case 18, 19: answer()
      case 20 where random.number(0...4) == 0:
        former.append(stage.memory)
        underWay = []
        stage.happen(.moved(to: Endpoint(testing: "example.com:4000"), InterfaceMemory()))
      case 21:
        let memory = stage.memory.checked
        runs += 1
        stage = Stage(80, 24, firstSend: 1000 * runs, memory: memory)
        stage.connect()
      default:
        let key = random.pick(["Alt+Enter", "Tab", "PgUp", "Ctrl+A", "Ctrl+E", "F8"])
        // A new line inside a word would split it.
        if key == "Alt+Enter" { stage.press("Ctrl+E") }
        stage.press(key)
      }
      underWay += stage.takeSends().map { ($0.id, $0.text) }
      return [13, 15, 21].contains(step)
    }

    mutating func answer() {
      guard !underWay.isEmpty else { return }
      let (id, text) = underWay.removeFirst()
      if random.flip() {
        stage.hear(.sendFailed(id, reason: "No."))
      } else {
        arrived += text + "\n"
        stage.hear(.sendConfirmed(id, sequence: nil, time: .noon))
      }
    }

    private var memories: [InterfaceMemory] { former + [stage.memory] }

    /// Text that the next run would show or send.
    var shown: String {
      memories.map { (($0.tabs.map(\.draft) + $0.unconfirmed.map(\.text)).joined(separator: "\n")) }
        .joined(separator: "\n") + prompts
    }

    /// Text that Up would recall in the next run.
    var history: String { memories.flatMap(\.tabs).flatMap(\.history).joined(separator: "\n") }

    /// Text in prompts other than the input.
    private var prompts: String {
      switch stage.interface.overlays.top {
      case let search as PaneSearch: search.editor.text
      case let switcher as Switcher: switcher.editor.text
      case let search as HistorySearch: search.needle
      default: ""
      }
    }
  }

  @Test(.computing, arguments: SeededGenerator.seeds(24))
  func `is sent or found again by the next run, whatever happens`(seed: UInt64) throws {
    var user = RandomUser(random: SeededGenerator(seed: seed))
    for number in 0..<120 where user.words.count < 24 {
      let overlays = user.stage.interface.overlays
      let before = user.shown
      let mayClose = user.step()
      let (arrived, shown, history) = (user.arrived, user.shown, user.history)
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
        lost.isEmpty, "SWIFTCHAT_SEED=\(seed), step \(number) in \(overlays): \(lost)\n\(user.stage.screen.rows)")
    }
  }

  @Test
  func `stays the draft when a history entry is sent instead`() {
    var stage = Stage.online(80, 24)
    stage.enter("one")
    stage.enter("two")
    stage.type("a draft")
    stage.press("↑", "Enter")
    #expect(stage.takeSends().map(\.text) == ["one", "two", "two"])
    stage.press("↑", "↑")
    #expect(stage.input == "a draft")
    stage.press("↓", "↓")
    // A recalled and changed entry keeps its changes.
    stage.press("↑")
    stage.type("!")
    stage.press("↑", "↓")
    #expect(stage.input == "two!")
    // Another search keeps the text.
    stage.press("Ctrl+C")
    stage.type("unfinished")
    stage.press("Ctrl+R")
    stage.type("one")
    stage.press("Enter")
    #expect(stage.input == "one")
    stage.press("↑")
    #expect(stage.input == "unfinished")
  }

  @Test(arguments: ["/part #garden", "Alt+2 /close"])
  func `in a closed tab is recalled in the next`(how: String) {
    var stage = Stage.online(80, 24)
    stage.hear(.roomJoined(RoomName(testing: "#garden")))
    stage.press("Alt+2")
    stage.type("what I meant")
    stage.press("Alt+1")
    if how.hasPrefix("/") {
      stage.enter(how)
    } else {
      stage.press("Alt+2", "Ctrl+C")
      stage.enter("/close")
    }
    stage.press("↑")
    if how.hasPrefix("/") {
      #expect(stage.input == "what I meant")
      let told = "what you were typing in #garden is called back here with ↑"
      #expect(stage.interface.tabs.lobby.transcript.entries.contains { $0.body == .notice(told) })
    }
  }

  @Test
  func `is accepted from a paste, whatever overlay is open`() {
    var stage = Stage.online(80, 24, with: ["zoe"])
    stage.press("F1")
    stage.paste("in help ")
    #expect(stage.interface.overlays.isEmpty)
    for question in [
      InterfaceEvent.saveFailed(reason: "full", isLeaving: true),
      .client(.distrusted(Endpoint(testing: "x:1"), known: .testing(1), seen: nil)),
    ] {
      stage.happen(question)
      stage.wait(1)
      let overlays = stage.interface.overlays
      stage.paste("y ")
      #expect(stage.interface.overlays == overlays, "nothing that is pasted answers")
      stage.press("Esc")
    }
    #expect(stage.input == "in help y y ")
    let zoe = Nickname(testing: "zoe")
    stage.hear(.nameRefused(zoe, .taken, suggestion: zoe))
    stage.wait(1)
    stage.paste(String(repeating: "a long text ", count: 10))
    #expect(stage.input.hasSuffix("a long text "))
    stage.paste("2")
    stage.press("Enter")
    #expect(stage.takeCommands().contains(.client(.useName(Nickname(testing: "zoe2")))))
  }

  @Test
  func `that stays behind at another server is reported`() {
    var stage = Stage.online(80, 24)
    stage.type("half")
    stage.happen(.moved(to: Endpoint(testing: "example.com:4000"), InterfaceMemory()))
    #expect(stage.pane.joined().contains("at localhost:4000: #lobby has a draft"))
  }
}
