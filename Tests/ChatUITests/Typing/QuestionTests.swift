import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Questions that open without a key press.
@Suite
struct QuestionTests {
  /// All events that can open a question without a key before it, or long after it.
  private static let questions: [(name: String, events: [InterfaceEvent])] = [
    (
      "host here",
      [.client(.offline(Outage(reason: "connection refused", retryIn: .seconds(3), isRefused: true, isFirst: true)))]
    ),
    (
      "another name",
      [
        .client(
          .nameRefused(Nickname(testing: "neha"), .taken, suggestion: Nickname(testing: "neha2")))
      ]
    ),
    (
      "another server",
      [
        .client(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: .testing(1))),
        .client(.offline(Outage(reason: "not trusted", retryIn: nil))),
      ]
    ),
    (
      "no longer encrypted",
      [.client(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: nil))]
    ),
    ("what was typed cannot be saved", [.saveFailed(reason: "full", isLeaving: true)]),
  ]

  private func harness() -> InterfaceHarness { InterfaceHarness(80, 24, offersHost: true) }

  /// Types in pieces, with pauses shorter than a user needs to look up.
  private func type(_ text: String, _ harness: inout InterfaceHarness) {
    for character in text {
      harness.type(String(character))
      harness.update(.time(Timestamp(milliseconds: harness.interface.now.milliseconds + 800)))
    }
  }

  @Test(arguments: questions.indices)
  func `questions are not answered by text that is being typed, and take no letter of it`(index: Int) {
    let question = Self.questions[index]
    for text in ["yes, I know", "no", "y", "n", "never mind"] {
      var harness = harness()
      harness.type("He said ")
      question.events.forEach { harness.update($0) }
      type(text, &harness)
      #expect(harness.input == "He said " + text, "\(question.name)")
      #expect(harness.takeCommands() == [], "\(question.name)")
      #expect(harness.interface.overlays.isEmpty, "\(question.name)")
      harness.press("Enter")
      #expect(harness.takeSends().map(\.text) == ["He said " + text], "\(question.name)")
      #expect(harness.interface.overlays.isEmpty, "\(question.name)")
    }
  }

  @Test(arguments: questions.indices)
  func `questions are not answered by a key that arrives before they are drawn`(index: Int) {
    let question = Self.questions[index]
    var harness = harness()
    harness.type("dra")
    question.events.forEach { harness.update($0) }
    let later = Timestamp(milliseconds: harness.interface.now.milliseconds + 2000)
    harness.update(.time(later), .key(.character("y")))
    #expect(harness.input == "dray", "\(question.name)")
    #expect(harness.takeCommands() == [], "\(question.name)")
    #expect(harness.interface.overlays.isEmpty, "\(question.name)")
    harness.advanceClock(by: 1)
    #expect(!harness.interface.overlays.isEmpty, "\(question.name)")
  }

  @Test(arguments: questions.indices)
  func `questions open when typing stops, and are answered by the keys that they name`(index: Int) {
    let question = Self.questions[index]
    var harness = harness()
    harness.type("draft")
    question.events.forEach { harness.update($0) }
    #expect(harness.statusRow.contains("a question waits until you stop typing"), "\(question.name)")
    #expect(harness.interface.isCountingDown, "a waiting question needs the clock")
    harness.advanceClock(by: 1)
    #expect(!harness.interface.overlays.isEmpty, "\(question.name)")
    #expect(!harness.statusRow.contains("a question waits"), "\(question.name)")
    #expect(harness.input == "draft", "\(question.name)")
  }

  @Test(arguments: [0, 2, 3, 4])
  func `questions leave other letters to the input`(index: Int) {
    let question = Self.questions[index]
    var harness = harness()
    harness.type("dra")
    question.events.forEach { harness.update($0) }
    harness.advanceClock(by: 1)
    let overlays = harness.interface.overlays
    harness.type("ft")
    #expect(harness.input == "draft", "\(question.name)")
    #expect(harness.interface.overlays == overlays, "\(question.name)")
    #expect(harness.takeCommands() == [], "\(question.name)")
  }

  @Test
  func `questions about hosting are not answered in the middle of a text`() {
    var harness = harness()
    harness.type("see you toda")
    Self.questions[0].events.forEach { harness.update($0) }
    harness.advanceClock(by: 5)
    harness.type("y")
    #expect(harness.takeCommands() == [])
    #expect(harness.input == "see you today")
    harness.press("Enter")
    #expect(harness.takeCommands() == [.host])
  }

  @Test
  func `questions do not open over a search or switcher with typed text`() {
    for key in ["Ctrl+S", "Ctrl+R", "Ctrl+G"] {
      for question in Self.questions.dropFirst() {
        var harness = harness()
        harness.type("draft")
        harness.press(key)
        harness.type("zo")
        question.events.forEach { harness.update($0) }
        harness.advanceClock(by: 5)
        let overlays = harness.interface.overlays
        harness.type("e")
        #expect(harness.interface.overlays != overlays && harness.input == "draft", "\(key), \(question.name)")
        harness.press("Esc")
        harness.advanceClock(by: 1)
        #expect(!harness.interface.overlays.isEmpty, "\(key), \(question.name)")
      }
    }
  }

  @Test
  func `questions that close by themselves leave typed text unsent`() {
    var harness = harness()
    harness.type("draft")
    Self.questions[0].events.forEach { harness.update($0) }
    harness.advanceClock(by: 1)
    harness.goOnline()
    harness.press("Enter")
    #expect(harness.takeCommands() == [])
    #expect(harness.input == "draft")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["draft"])
  }

  @Test
  func `questions that are settled before they are shown leave no trace`() {
    for question in Self.questions.prefix(4) {
      var harness = harness()
      question.events.forEach { harness.update($0) }
      harness.goOnline()
      harness.advanceClock(by: 5)
      #expect(harness.interface.overlays.isEmpty, "\(question.name)")
      harness.enter("hello")
      #expect(harness.takeSends().map(\.text) == ["hello"], "\(question.name)")
    }
  }

  @Test
  func `questions and lists do not open over typed text, and lose no letter`() {
    let rooms = [RoomListing(name: RoomName(testing: "#attic"), people: 1, topic: "")]
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/rooms")
    harness.type("he")
    harness.receive(.rooms(rooms))
    harness.advanceClock(by: 5)
    harness.type("llo")
    #expect(harness.input == "hello")
    _ = harness.takeCommands()
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["hello"])
    harness.advanceClock(by: 1)
    harness.type("more")
    #expect(harness.input == "more")
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `questions wait for no clock that is set back`() {
    var harness = harness()
    Self.questions[0].events.forEach { harness.update($0) }
    harness.advanceClock(by: -3600)
    #expect(!harness.interface.overlays.isEmpty)
  }

  @Test
  func `a question takes the keys of the key map, and those that it names`() {
    let keyMap = KeyMap(changes: [
      .send: [.alt(.enter)], .newline: [Key(.enter)], .dismiss: [.control("g")], .clearInput: [.alt("r")],
      .switchTab: [],
    ])
    var preferences = Preferences()
    preferences.keyMap = keyMap
    func asked() -> InterfaceHarness {
      var harness = InterfaceHarness.online(80, 24)
      harness.update(.preferences(preferences))
      harness.paste((1...9).map(String.init).joined(separator: "\n"))
      harness.press("Alt+Enter")
      #expect(harness.interface.overlays.top is SendQuestion)
      _ = harness.takeCommands()
      return harness
    }
    for (key, sends) in [
      ("Esc", 0), ("Ctrl+G", 0), ("Alt+R", 0), ("n", 0), ("Enter", 1), ("Alt+Enter", 1), ("y", 1),
    ] {
      var harness = asked()
      harness.press(key)
      #expect(harness.interface.overlays.isEmpty, "\(key)")
      #expect(harness.takeSends().count == sends, "\(key)")
    }
    // Ctrl+C does nothing in this key map.
    var harness = asked()
    harness.press("Ctrl+C")
    #expect(harness.interface.overlays.top is SendQuestion)
    // In the offer to host, the key that clears the input quits, and Ctrl+G closes the offer.
    var waiting = self.harness()
    waiting.update(.preferences(preferences))
    waiting.receive(.offline(Outage(reason: "refused", retryIn: .seconds(3), isRefused: true, isFirst: true)))
    waiting.advanceClock(by: 5)
    waiting.press("Alt+R")
    #expect(waiting.takeCommands().contains(.quit))
    waiting.press("Ctrl+G")
    #expect(waiting.interface.overlays.isEmpty)
    #expect(!waiting.takeCommands().contains(.host))
  }
}
