import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// What was typed.
@Suite
struct KeptTextTests {
  /// Plays somebody who types words that are nowhere else, and does anything but delete them.
  private struct Typist {
    var random: SeededGenerator
    var stage = Stage.online(80, 24, with: ["zoe", "akash"])
    var words: [String] = []
    var count = 0
    var runs: UInt64 = 0
    /// Words that a server has confirmed.
    var arrived = ""
    var underWay: [(id: SendID, text: String)] = []
    /// What was kept of servers that were left.
    var former: [InterfaceMemory] = []

    mutating func word() -> String {
      count += 1
      words.append("word\(count)x")
      // Not into the middle of another one.
      stage.press("Ctrl+E")
      return words[words.count - 1]
    }

    /// - Returns: whether a tab may have been closed, with the history of what was sent there.
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
        // A new line in the middle of a word makes two of it.
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

    /// What the next run would show, or send.
    var shown: String {
      memories.map { (($0.tabs.map(\.draft) + $0.unconfirmed.map(\.text)).joined(separator: "\n")) }
        .joined(separator: "\n") + prompts
    }

    /// What Up would call back in the next run.
    var history: String { memories.flatMap(\.tabs).flatMap(\.history).joined(separator: "\n") }

    /// What is typed into something else than the input.
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
  func `is sent, or found again by the next run, whatever happens`(seed: UInt64) throws {
    var typist = Typist(random: SeededGenerator(seed: seed))
    for number in 0..<120 where typist.words.count < 24 {
      let overlays = typist.stage.interface.overlays
      let before = typist.shown
      let mayClose = typist.step()
      let (arrived, shown, history) = (typist.arrived, typist.shown, typist.history)
      var lost = typist.words.filter { !arrived.contains($0) && !shown.contains($0) && !history.contains($0) }
      // What was cleared, or told to have come back, is called back as long as its tab is there.
      if mayClose {
        typist.words.removeAll { lost.contains($0) && !before.contains($0) }
        lost.removeAll { !before.contains($0) }
      }
      // What was typed into a search is given up with it.
      guard overlays.isEmpty else {
        typist.words.removeAll(where: lost.contains)
        continue
      }
      try #require(
        lost.isEmpty, "SWIFTCHAT_SEED=\(seed), step \(number) in \(overlays): \(lost)\n\(typist.stage.screen.rows)")
    }
  }

  @Test
  func `stays the draft where something of the history is sent instead`() {
    var stage = Stage.online(80, 24)
    stage.enter("one")
    stage.enter("two")
    stage.type("a draft")
    stage.press("↑", "Enter")
    #expect(stage.takeSends().map(\.text) == ["one", "two", "two"])
    stage.press("↑", "↑")
    #expect(stage.input == "a draft")
    stage.press("↓", "↓")
    // What was recalled and changed stays so on the way.
    stage.press("↑")
    stage.type("!")
    stage.press("↑", "↓")
    #expect(stage.input == "two!")
    // A search for something else keeps what stood there.
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
  func `in a tab that is closed is called back in the next`(how: String) {
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
  func `by a paste is taken, whatever is open`() {
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
  func `and left behind at another server is told of`() {
    var stage = Stage.online(80, 24)
    stage.type("half")
    stage.happen(.moved(to: Endpoint(testing: "example.com:4000"), InterfaceMemory()))
    #expect(stage.pane.joined().contains("at localhost:4000: #lobby has a draft"))
  }
}
