import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The read position of a conversation.
@Suite
struct ReadingTests {
  private func bar(_ stage: Stage) -> String { stage.screen.rows[0] }

  /// The messages below the "new" line.
  private func new(_ stage: Stage) -> String? {
    let pane = stage.pane
    return pane.firstIndex { $0.contains(" new ") }.flatMap { pane.dropFirst($0 + 1).first }
  }

  private func marks(_ stage: inout Stage) -> [InterfaceCommand] {
    stage.takeCommands().filter { if case .client(.markRead) = $0 { true } else { false } }
  }

  private let zoe = Target.person(Nickname(testing: "zoe"))

  @Test
  func `separates read from unread messages`() {
    var stage = Stage.online(50, 9)
    stage.enter("/dm zoe")
    _ = stage.takeCommands()
    stage.sync(head: 300, mark: 297)
    #expect(bar(stage) == " 1 #lobby•3  2 @zoe")
    #expect(marks(&stage) == [])
    stage.page(281...300)
    #expect(bar(stage) == " 1 #lobby•3  2 @zoe")
    stage.press("Alt+1")
    #expect(new(stage) == "11:05 zoe: 298")
    #expect(bar(stage) == " 1 #lobby  2 @zoe")
    #expect(marks(&stage) == [.client(.markRead(.lobby, 300))])
    stage.say("zoe", "301", sequence: 301)
    #expect(marks(&stage) == [.client(.markRead(.lobby, 301))])
    #expect(new(stage) == "11:05 zoe: 298")
    stage.press("Alt+2", "Alt+1")
    #expect(new(stage) == nil)
  }

  @Test
  func `starts at the newest message of a room that is joined for the first time`() {
    var stage = Stage.online(50, 9)
    stage.hear(.roomJoined(RoomName(testing: "#garden")))
    stage.sync("#garden", head: 300)
    stage.page(201...300, in: "#garden")
    #expect(bar(stage) == " 1 #lobby  2 #garden")
    #expect(marks(&stage) == [.client(.markRead(Target(testing: "#garden"), 300))])
  }

  @Test
  func `counts no mention in redacted messages`() {
    var stage = Stage.online(50, 9)
    stage.focus(false)
    stage.say("zoe", "neha, are you there?")
    #expect(bar(stage) == " 1 #lobby!1")
    stage.enter("/clear")
    #expect(stage.pane == [])
    #expect(!bar(stage).contains("!"))
  }

  @Test
  func `only advances with focus, in the current tab, at its end, without an overlay`() {
    var stage = Stage.online(50, 9)
    stage.sync(head: 30, mark: 30)
    stage.page(1...30, hasMore: false)
    stage.focus(false)
    stage.say("zoe", "31", sequence: 31)
    #expect(bar(stage) == " 1 #lobby•1")
    #expect(marks(&stage) == [])
    stage.focus(true)
    #expect(marks(&stage) == [.client(.markRead(.lobby, 31))])
    #expect(new(stage) == "12:01 zoe: 31")
    stage.press("PgUp")
    stage.say("zoe", "32", sequence: 32)
    #expect(bar(stage) == " 1 #lobby•1")
    #expect(marks(&stage) == [])
    stage.press("Esc")
    #expect(marks(&stage) == [.client(.markRead(.lobby, 32))])
    stage.press("F1")
    stage.say("zoe", "33", sequence: 33)
    #expect(marks(&stage) == [])
    stage.press("Esc")
    #expect(marks(&stage) == [.client(.markRead(.lobby, 33))])
    stage.press("Ctrl+Q")
    #expect(stage.takeCommands() == [.quit])
  }

  @Test
  func `follows the user between terminals`() {
    var stage = Stage.online(50, 9)
    stage.enter("/dm kim")
    stage.sync(head: 10, mark: 5)
    stage.page(1...10, hasMore: false)
    stage.say("zoe", "neha?", sequence: 11)
    #expect(bar(stage) == " 1 #lobby!6  2 @kim")
    stage.hear(.marked(.lobby, 7))
    #expect(bar(stage) == " 1 #lobby!4  2 @kim")
    stage.hear(.marked(.lobby, 3))
    #expect(bar(stage) == " 1 #lobby!4  2 @kim")
    stage.hear(.marked(.lobby, 11))
    #expect(bar(stage) == " 1 #lobby  2 @kim")
    stage.say("zoe", "12", sequence: 12)
    #expect(bar(stage) == " 1 #lobby•1  2 @kim")
    // A message may be read there before it arrives here.
    stage.hear(.marked(.lobby, 13))
    stage.say("zoe", "13", sequence: 13)
    #expect(bar(stage) == " 1 #lobby  2 @kim")
    stage.say("zoe", "14", sequence: 14)
    #expect(bar(stage) == " 1 #lobby•1  2 @kim")
    _ = stage.takeCommands()
    stage.press("Alt+1")
    #expect(new(stage) == "12:01 zoe: 14")
    #expect(marks(&stage) == [.client(.markRead(.lobby, 14))])
    // A mark that the server has is not sent again, and one that it missed is.
    stage.sync(head: 14, mark: 14)
    #expect(marks(&stage) == [])
    stage.sync(head: 14, mark: 2)
    #expect(marks(&stage) == [.client(.markRead(.lobby, 14))])
    #expect(bar(stage) == " 1 #lobby  2 @kim")
  }

  @Test
  func `advances with one's own messages`() {
    var stage = Stage.online(50, 9)
    stage.enter("/dm kim")
    stage.sync(head: 10, mark: 5)
    stage.page(1...10, hasMore: false)
    stage.say("neha", "from my telephone", sequence: 11)
    #expect(bar(stage) == " 1 #lobby  2 @kim")
    stage.say("zoe", "12", sequence: 12)
    #expect(bar(stage) == " 1 #lobby•1  2 @kim")
    // Also with messages from another terminal while this one was off.
    stage.sync("@zoe", head: 9, mark: 3)
    #expect(bar(stage) == " 1 #lobby•1  2 @kim  3 @zoe•6")
    stage.page(5...7, in: "@zoe", by: "neha")
    stage.page(8...9, in: "@zoe")
    #expect(bar(stage) == " 1 #lobby•1  2 @kim  3 @zoe•2")
  }

  @Test
  func `stays at missed messages, whether they arrive in order or as a page`() {
    var stage = Stage.online(50, 12)
    stage.enter("/dm kim")
    stage.sync(head: 5, mark: 5)
    stage.page(1...5, hasMore: false)
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    stage.connect()
    stage.sync(head: 8, mark: 5)
    #expect(bar(stage) == " 1 #lobby•3  2 @kim")
    stage.catchUp(6...8)
    #expect(bar(stage) == " 1 #lobby•3  2 @kim")
    stage.say("zoe", "9", sequence: 9)
    #expect(bar(stage) == " 1 #lobby•4  2 @kim")
    stage.press("Alt+1")
    #expect(new(stage) == "11:01 zoe: 6")
    #expect(!stage.takeCommands().contains(.bell))
  }

  @Test
  func `has its line even if the window has focus when messages arrive`() {
    var stage = Stage.online(50, 12)
    stage.sync(head: 5, mark: 5)
    stage.page(1...5, hasMore: false)
    stage.sync(head: 8, mark: 5)
    #expect(new(stage) == nil)
    stage.catchUp(6...8)
    #expect(new(stage) == "11:01 zoe: 6")
    #expect(bar(stage) == " 1 #lobby")
    stage.say("zoe", "9", sequence: 9)
    #expect(new(stage) == "11:01 zoe: 6")
  }

  @Test
  func `is found even if it is not loaded yet`() {
    var stage = Stage.online(50, 8)
    stage.enter("/dm kim")
    stage.sync(head: 400, mark: 150)
    stage.page(301...400)
    #expect(bar(stage) == " 1 #lobby•250  2 @kim")
    _ = stage.takeCommands()
    stage.press("Alt+1", "Alt+U")
    #expect(stage.takeCommands() == [.client(.markRead(.lobby, 400)), .client(.showOlder(.lobby, before: 301))])
    #expect(stage.statusRow == " on the way back to it… Esc stops")
    stage.page(201...300)
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 201))])
    stage.page(101...200)
    #expect(stage.takeCommands() == [])
    #expect(new(stage) == "11:03 zoe: 151")
    stage.press("Esc", "Alt+U")
    #expect(new(stage) == "11:03 zoe: 151")
  }

  @Test
  func `marks a mention, but not a topic, for attention`() {
    var stage = Stage.online(50, 8)
    stage.enter("/dm kim")
    stage.sync(head: 0)
    stage.say("zoe", "neha's garden", sequence: 1, kind: .topic)
    #expect(bar(stage) == " 1 #lobby•1  2 @kim")
    #expect(!stage.takeCommands().contains(.bell))
    stage.say("zoe", "neha's garden", sequence: 2)
    #expect(bar(stage) == " 1 #lobby!2  2 @kim")
    #expect(stage.takeCommands().contains(.bell))
  }

  @Test
  func `marks a missed direct message for attention`() {
    var stage = Stage.online(50, 8)
    stage.sync("@zoe", head: 2)
    #expect(bar(stage) == " 1 #lobby  2 @zoe•2")
    stage.press("Alt+2")
    #expect(stage.takeCommands().contains(.client(.showOlder(zoe, before: 3))))
    stage.page(1...2, in: "@zoe", hasMore: false)
    #expect(new(stage) == "11:01 zoe: 1")
    #expect(bar(stage) == " 1 #lobby  2 @zoe")
    // A closed and reopened tab has the same position.
    stage.enter("/close")
    stage.write("zoe", "3", sequence: 3)
    #expect(bar(stage) == " 1 #lobby  2 @zoe•1")
  }

  @Test
  func `starts again with another user of the same name`() {
    var stage = Stage.online(50, 8)
    stage.sync("@zoe", head: 57, mark: 57)
    stage.enter("/dm zoe")
    stage.page(1...57, in: "@zoe", hasMore: false)
    stage.press("Alt+1")
    stage.hear(.reset(zoe))
    stage.page(0..<0, in: "@zoe", hasMore: false)
    stage.write("zoe", "1", sequence: 1)
    #expect(bar(stage) == " 1 #lobby  2 @zoe•1")
    stage.write("zoe", "2", sequence: 2)
    #expect(bar(stage) == " 1 #lobby  2 @zoe•2")
    _ = stage.takeCommands()
    stage.press("Alt+2")
    #expect(stage.takeCommands() == [.client(.markRead(zoe, 2))])
  }

  @Test
  func `is counted by the client if the server does not count`() {
    var stage = Stage.online(50, 8)
    stage.enter("/dm kim")
    _ = stage.takeCommands()
    stage.say("zoe", "one")
    stage.say("neha", "two")
    stage.say("zoe", "three")
    #expect(bar(stage) == " 1 #lobby•2  2 @kim")
    stage.press("Alt+1")
    #expect(new(stage) == "12:01 zoe: one")
    #expect(stage.takeCommands() == [])
  }
}
