import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// A question that comes by itself.
@Suite
struct QuestionTests {
  /// All that can ask something without a key before it, or long after it.
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

  /// In pieces, with a pause between two keys that is shorter than somebody needs to look up.
  private func type(_ text: String, _ stage: inout Stage) {
    for character in text {
      stage.type(String(character))
      stage.happen(.time(Timestamp(milliseconds: stage.interface.now.milliseconds + 800)))
    }
  }

  @Test(arguments: questions.indices)
  func `is not answered by what is being typed, and takes no letter of it`(index: Int) {
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
  func `is not answered by a key that arrives before it is drawn`(index: Int) {
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
  func `is asked when nobody types any more, and answered by the keys that it names`(index: Int) {
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
  func `leaves the letters that answer nothing to the input`(index: Int) {
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
  func `about hosting is not answered in the middle of a text`() {
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
  func `does not come over a search or a switcher in which something is typed`() {
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
  func `that has gone by itself leaves what was typed unsent`() {
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
  func `before it was shown goes without a trace when it is settled`() {
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
  func `such as the list of rooms is not opened over what is being typed, and loses no letter`() {
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
  func `waits for nobody where the clock is put back`() {
    var stage = stage()
    Self.questions[0].events.forEach { stage.happen($0) }
    stage.wait(-3600)
    #expect(!stage.interface.overlays.isEmpty)
  }
}
