import ChatModel
import ChatProtocol
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
      "not encrypted any more",
      [.client(.distrusted(Endpoint(testing: "localhost:4000"), known: .testing(0), seen: nil))]
    ),
    ("what was typed cannot be saved", [.saveFailed(reason: "full", isLeaving: true)]),
  ]

  private func stage() -> Stage { Stage(80, 24, offersHost: true) }

  /// Types in pieces, with pauses shorter than a user needs to look up.
  private func type(_ text: String, _ stage: inout Stage) {
    for character in text {
      stage.type(String(character))
      stage.happen(.time(Timestamp(milliseconds: stage.interface.now.milliseconds + 800)))
    }
  }

  @Test(arguments: questions.indices)
  func `are not answered by text that is being typed, and take no letter of it`(index: Int) {
    let question = Self.questions[index]
    for text in ["yes, I know", "no", "y", "n", "never mind"] {
      var stage = stage()
      stage.type("He said ")
      question.events.forEach { stage.happen($0) }
      type(text, &stage)
      #expect(stage.input == "He said " + text, "\(question.name)")
      #expect(stage.takeCommands() == [], "\(question.name)")
      #expect(stage.interface.overlays.isEmpty, "\(question.name)")
      stage.press("Enter")
      #expect(stage.takeSends().map(\.text) == ["He said " + text], "\(question.name)")
      #expect(stage.interface.overlays.isEmpty, "\(question.name)")
    }
  }

  @Test(arguments: questions.indices)
  func `are not answered by a key that arrives before they are drawn`(index: Int) {
    let question = Self.questions[index]
    var stage = stage()
    stage.type("dra")
    question.events.forEach { stage.happen($0) }
    let later = Timestamp(milliseconds: stage.interface.now.milliseconds + 2000)
    stage.happen(.time(later), .key(.character("y")))
    #expect(stage.input == "dray", "\(question.name)")
    #expect(stage.takeCommands() == [], "\(question.name)")
    #expect(stage.interface.overlays.isEmpty, "\(question.name)")
    stage.wait(1)
    #expect(!stage.interface.overlays.isEmpty, "\(question.name)")
  }

  @Test(arguments: questions.indices)
  func `open when typing stops, and are answered by the keys that they name`(index: Int) {
    let question = Self.questions[index]
    var stage = stage()
    stage.type("draft")
    question.events.forEach { stage.happen($0) }
    #expect(stage.statusRow.contains("a question waits until you stop typing"), "\(question.name)")
    #expect(stage.interface.isCountingDown, "the time that it waits for comes")
    stage.wait(1)
    #expect(!stage.interface.overlays.isEmpty, "\(question.name)")
    #expect(!stage.statusRow.contains("a question waits"), "\(question.name)")
    #expect(stage.input == "draft", "\(question.name)")
  }

  @Test(arguments: [0, 2, 3, 4])
  func `leave other letters to the input`(index: Int) {
    let question = Self.questions[index]
    var stage = stage()
    stage.type("dra")
    question.events.forEach { stage.happen($0) }
    stage.wait(1)
    let overlays = stage.interface.overlays
    stage.type("ft")
    #expect(stage.input == "draft", "\(question.name)")
    #expect(stage.interface.overlays == overlays, "\(question.name)")
    #expect(stage.takeCommands() == [], "\(question.name)")
  }

  @Test
  func `about hosting are not answered in the middle of a text`() {
    var stage = stage()
    stage.type("see you toda")
    Self.questions[0].events.forEach { stage.happen($0) }
    stage.wait(5)
    stage.type("y")
    #expect(stage.takeCommands() == [])
    #expect(stage.input == "see you today")
    stage.press("Enter")
    #expect(stage.takeCommands() == [.host])
  }

  @Test
  func `do not open over a search or switcher with typed text`() {
    for key in ["Ctrl+S", "Ctrl+R", "Ctrl+G"] {
      for question in Self.questions.dropFirst() {
        var stage = stage()
        stage.type("draft")
        stage.press(key)
        stage.type("zo")
        question.events.forEach { stage.happen($0) }
        stage.wait(5)
        let overlays = stage.interface.overlays
        stage.type("e")
        #expect(stage.interface.overlays != overlays && stage.input == "draft", "\(key), \(question.name)")
        stage.press("Esc")
        stage.wait(1)
        #expect(!stage.interface.overlays.isEmpty, "\(key), \(question.name)")
      }
    }
  }

  @Test
  func `that close by themselves leave typed text unsent`() {
    var stage = stage()
    stage.type("draft")
    Self.questions[0].events.forEach { stage.happen($0) }
    stage.wait(1)
    stage.connect()
    stage.press("Enter")
    #expect(stage.takeCommands() == [])
    #expect(stage.input == "draft")
    stage.press("Enter")
    #expect(stage.takeSends().map(\.text) == ["draft"])
  }

  @Test
  func `that are settled before they are shown leave no trace`() {
    for question in Self.questions.prefix(4) {
      var stage = stage()
      question.events.forEach { stage.happen($0) }
      stage.connect()
      stage.wait(5)
      #expect(stage.interface.overlays.isEmpty, "\(question.name)")
      stage.enter("hello")
      #expect(stage.takeSends().map(\.text) == ["hello"], "\(question.name)")
    }
  }

  @Test
  func `and lists do not open over typed text, and lose no letter`() {
    let rooms = [RoomListing(name: RoomName(testing: "#attic"), people: 1, topic: "")]
    var stage = Stage.online(80, 24)
    stage.enter("/rooms")
    stage.type("he")
    stage.hear(.rooms(rooms))
    stage.wait(5)
    stage.type("llo")
    #expect(stage.input == "hello")
    _ = stage.takeCommands()
    stage.press("Enter")
    #expect(stage.takeSends().map(\.text) == ["hello"])
    stage.wait(1)
    stage.type("more")
    #expect(stage.input == "more")
    #expect(stage.interface.overlays.isEmpty)
  }

  @Test
  func `wait for no clock that is set back`() {
    var stage = stage()
    Self.questions[0].events.forEach { stage.happen($0) }
    stage.wait(-3600)
    #expect(!stage.interface.overlays.isEmpty)
  }
}
