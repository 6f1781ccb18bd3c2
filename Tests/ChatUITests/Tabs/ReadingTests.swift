import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The read position of a conversation.
@Suite
struct ReadingTests {
  /// The messages below the "new" line.
  private func new(_ harness: InterfaceHarness) -> String? {
    let pane = harness.pane
    return pane.firstIndex { $0.contains(" new ") }.flatMap { pane.dropFirst($0 + 1).first }
  }

  private func marks(_ harness: inout InterfaceHarness) -> [InterfaceCommand] {
    harness.takeCommands().filter { if case .client(.markRead) = $0 { true } else { false } }
  }

  private let zoe = Target.person(Nickname(testing: "zoe"))

  @Test
  func `the read marker separates read from unread messages`() {
    var harness = InterfaceHarness.online(50, 9)
    harness.enter("/dm zoe")
    _ = harness.takeCommands()
    harness.receiveHead(head: 300, mark: 297)
    #expect(harness.tabBar == " 1 #lobby•3  2 @zoe")
    #expect(marks(&harness) == [])
    harness.receivePage(281...300)
    #expect(harness.tabBar == " 1 #lobby•3  2 @zoe")
    harness.press("Alt+1")
    #expect(new(harness) == " 11:05 zoe: 298")
    #expect(harness.tabBar == " 1 #lobby  2 @zoe")
    #expect(marks(&harness) == [.client(.markRead(.lobby, 300))])
    harness.receiveMessage(from: "zoe", "301", sequence: 301)
    #expect(marks(&harness) == [.client(.markRead(.lobby, 301))])
    #expect(new(harness) == " 11:05 zoe: 298")
    harness.press("Alt+2", "Alt+1")
    #expect(new(harness) == nil)
  }

  @Test
  func `the read marker starts at the newest message of a room that is joined for the first time`() {
    var harness = InterfaceHarness.online(50, 9)
    harness.receive(.roomJoined(RoomName(testing: "#garden")))
    harness.receiveHead("#garden", head: 300)
    harness.receivePage(201...300, in: "#garden")
    #expect(harness.tabBar == " 1 #lobby  2 #garden")
    #expect(marks(&harness) == [.client(.markRead(Target(testing: "#garden"), 300))])
  }

  @Test
  func `the read marker that the server reports after the head replaces the assumed one`() {
    var harness = InterfaceHarness.online(50, 9)
    harness.enter("/dm zoe")
    harness.receiveHead(head: 100)
    #expect(harness.tabBar == " 1 #lobby  2 @zoe")
    let saved = harness.memory
    harness.receive(.marked(.lobby, 37))
    #expect(harness.tabBar == " 1 #lobby•63  2 @zoe")
    harness.receivePage(1...100, hasMore: false)
    #expect(harness.tabBar == " 1 #lobby•63  2 @zoe")
    #expect(marks(&harness) == [])
    harness.press("Alt+1", "Alt+U")
    #expect(new(harness)?.hasSuffix("zoe: 38") == true)
    #expect(marks(&harness) == [.client(.markRead(.lobby, 100))])
    // The mark was not known in the run that ended before.
    var next = InterfaceHarness(50, 9, memory: saved)
    next.goOnline()
    next.receiveHead(head: 100)
    #expect(marks(&next) == [])
    next.receive(.marked(.lobby, 37))
    #expect(next.interface.tabs.lobby.unread == 63)
  }

  @Test
  func `the read marker of a conversation without a tab is kept until it has one`() {
    var tabs = TabList()
    tabs.synchronize(.garden, Epoch(testing: "e1"), head: 5, mark: nil, isIgnored: false)
    tabs.mark(.garden, 2)
    let index = tabs.open(.garden)
    #expect(index.map { tabs[$0].unread } == 3)
  }

  @Test
  func `the read marker counts no mention in redacted messages`() {
    var harness = InterfaceHarness.online(50, 9)
    harness.focus(false)
    harness.receiveMessage(from: "zoe", "neha, are you there?")
    #expect(harness.tabBar == " 1 #lobby!1")
    harness.enter("/clear")
    #expect(harness.pane == [])
    #expect(!harness.tabBar.contains("!"))
  }

  @Test
  func `the read marker only advances with focus, in the current tab, at its end, without an overlay`() {
    var harness = InterfaceHarness.online(50, 9)
    harness.receiveHead(head: 30, mark: 30)
    harness.receivePage(1...30, hasMore: false)
    harness.focus(false)
    harness.receiveMessage(from: "zoe", "31", sequence: 31)
    #expect(harness.tabBar == " 1 #lobby•1")
    #expect(marks(&harness) == [])
    harness.focus(true)
    #expect(marks(&harness) == [.client(.markRead(.lobby, 31))])
    #expect(new(harness) == " 12:01 zoe: 31")
    harness.press("PgUp")
    harness.receiveMessage(from: "zoe", "32", sequence: 32)
    #expect(harness.tabBar == " 1 #lobby•1")
    #expect(marks(&harness) == [])
    harness.press("Esc")
    harness.advanceClock(by: 1)
    #expect(marks(&harness) == [.client(.markRead(.lobby, 32))])
    harness.press("F1")
    harness.receiveMessage(from: "zoe", "33", sequence: 33)
    #expect(marks(&harness) == [])
    harness.press("Esc")
    #expect(marks(&harness) == [.client(.markRead(.lobby, 33))])
    harness.press("Ctrl+Q")
    #expect(harness.takeCommands() == [.quit])
  }

  @Test
  func `the read marker follows the user between terminals`() {
    var harness = InterfaceHarness.online(50, 9)
    harness.enter("/dm kim")
    harness.receiveHead(head: 10, mark: 5)
    harness.receivePage(1...10, hasMore: false)
    harness.receiveMessage(from: "zoe", "neha?", sequence: 11)
    #expect(harness.tabBar == " 1 #lobby!6  2 @kim")
    harness.receive(.marked(.lobby, 7))
    #expect(harness.tabBar == " 1 #lobby!4  2 @kim")
    harness.receive(.marked(.lobby, 3))
    #expect(harness.tabBar == " 1 #lobby!4  2 @kim")
    harness.receive(.marked(.lobby, 11))
    #expect(harness.tabBar == " 1 #lobby  2 @kim")
    harness.receiveMessage(from: "zoe", "12", sequence: 12)
    #expect(harness.tabBar == " 1 #lobby•1  2 @kim")
    // A message may be read there before it arrives here.
    harness.receive(.marked(.lobby, 13))
    harness.receiveMessage(from: "zoe", "13", sequence: 13)
    #expect(harness.tabBar == " 1 #lobby  2 @kim")
    harness.receiveMessage(from: "zoe", "14", sequence: 14)
    #expect(harness.tabBar == " 1 #lobby•1  2 @kim")
    _ = harness.takeCommands()
    harness.press("Alt+1")
    #expect(new(harness) == " 12:01 zoe: 14")
    #expect(marks(&harness) == [.client(.markRead(.lobby, 14))])
    // A mark that the server has is not sent again, and one that it missed is.
    harness.receiveHead(head: 14, mark: 14)
    #expect(marks(&harness) == [])
    harness.receiveHead(head: 14, mark: 2)
    #expect(marks(&harness) == [.client(.markRead(.lobby, 14))])
    #expect(harness.tabBar == " 1 #lobby  2 @kim")
  }

  @Test
  func `the read marker advances with one's own messages`() {
    var harness = InterfaceHarness.online(50, 9)
    harness.enter("/dm kim")
    harness.receiveHead(head: 10, mark: 5)
    harness.receivePage(1...10, hasMore: false)
    harness.receiveMessage(from: "neha", "from my telephone", sequence: 11)
    #expect(harness.tabBar == " 1 #lobby  2 @kim")
    harness.receiveMessage(from: "zoe", "12", sequence: 12)
    #expect(harness.tabBar == " 1 #lobby•1  2 @kim")
    // Also with messages from another terminal while this one was off.
    harness.receiveHead("@zoe", head: 9, mark: 3)
    #expect(harness.tabBar == " 1 #lobby•1  2 @kim  3 @zoe•6")
    harness.receivePage(5...7, in: "@zoe", by: "neha")
    harness.receivePage(8...9, in: "@zoe")
    #expect(harness.tabBar == " 1 #lobby•1  2 @kim  3 @zoe•2")
  }

  @Test
  func `the read marker stays at missed messages, whether they arrive in order or as a page`() {
    var harness = InterfaceHarness.online(50, 12)
    harness.enter("/dm kim")
    harness.receiveHead(head: 5, mark: 5)
    harness.receivePage(1...5, hasMore: false)
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    harness.goOnline()
    harness.receiveHead(head: 8, mark: 5)
    #expect(harness.tabBar == " 1 #lobby•3  2 @kim")
    harness.receiveMissed(6...8)
    #expect(harness.tabBar == " 1 #lobby•3  2 @kim")
    harness.receiveMessage(from: "zoe", "9", sequence: 9)
    #expect(harness.tabBar == " 1 #lobby•4  2 @kim")
    harness.press("Alt+1")
    #expect(new(harness) == " 11:01 zoe: 6")
    #expect(!harness.takeCommands().contains(.bell))
  }

  @Test
  func `the read marker has its line even if the window has focus when messages arrive`() {
    var harness = InterfaceHarness.online(50, 12)
    harness.receiveHead(head: 5, mark: 5)
    harness.receivePage(1...5, hasMore: false)
    harness.receiveHead(head: 8, mark: 5)
    #expect(new(harness) == nil)
    harness.receiveMissed(6...8)
    #expect(new(harness) == " 11:01 zoe: 6")
    #expect(harness.tabBar == " 1 #lobby")
    harness.receiveMessage(from: "zoe", "9", sequence: 9)
    #expect(new(harness) == " 11:01 zoe: 6")
  }

  @Test
  func `the first unread message is found even if it is not loaded yet`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.enter("/dm kim")
    harness.receiveHead(head: 400, mark: 150)
    harness.receivePage(301...400)
    #expect(harness.tabBar == " 1 #lobby•250  2 @kim")
    _ = harness.takeCommands()
    harness.press("Alt+1", "Alt+U")
    #expect(harness.takeCommands() == [.client(.markRead(.lobby, 400)), .client(.showOlder(.lobby, before: 301))])
    #expect(harness.statusRow == " on the way back to it… Esc stops")
    harness.receivePage(201...300)
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 201))])
    harness.receivePage(101...200)
    #expect(harness.takeCommands() == [])
    #expect(new(harness) == " 11:03▶zoe: 151")
    harness.press("Esc", "Alt+U")
    #expect(new(harness) == " 11:03▶zoe: 151")
  }

  @Test
  func `a missed mention, but not a topic, marks the tab`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.enter("/dm kim")
    harness.receiveHead(head: 0)
    harness.receiveMessage(from: "zoe", "neha's garden", sequence: 1, kind: .topic)
    #expect(harness.tabBar == " 1 #lobby•1  2 @kim")
    #expect(!harness.takeCommands().contains(.bell))
    harness.receiveMessage(from: "zoe", "neha's garden", sequence: 2)
    #expect(harness.tabBar == " 1 #lobby!2  2 @kim")
    #expect(harness.takeCommands().contains(.bell))
  }

  @Test
  func `a missed direct message marks the tab`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.receiveHead("@zoe", head: 2)
    #expect(harness.tabBar == " 1 #lobby  2 @zoe•2")
    harness.press("Alt+2")
    #expect(harness.takeCommands().contains(.client(.showOlder(zoe, before: 3))))
    harness.receivePage(1...2, in: "@zoe", hasMore: false)
    #expect(new(harness) == " 11:01 zoe: 1")
    #expect(harness.tabBar == " 1 #lobby  2 @zoe")
    // A closed and reopened tab has the same position.
    harness.enter("/close")
    harness.receiveDirectMessage(from: "zoe", "3", sequence: 3)
    #expect(harness.tabBar == " 1 #lobby  2 @zoe•1")
  }

  @Test
  func `the read marker starts again with another user of the same name`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.receiveHead("@zoe", head: 57, mark: 57)
    harness.enter("/dm zoe")
    harness.receivePage(1...57, in: "@zoe", hasMore: false)
    harness.press("Alt+1")
    harness.receive(.reset(zoe))
    harness.receivePage(0..<0, in: "@zoe", hasMore: false)
    harness.receiveDirectMessage(from: "zoe", "1", sequence: 1)
    #expect(harness.tabBar == " 1 #lobby  2 @zoe•1")
    harness.receiveDirectMessage(from: "zoe", "2", sequence: 2)
    #expect(harness.tabBar == " 1 #lobby  2 @zoe•2")
    _ = harness.takeCommands()
    harness.press("Alt+2")
    #expect(harness.takeCommands() == [.client(.markRead(zoe, 2))])
  }

  @Test
  func `unread messages are counted by the client if the server does not count`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.enter("/dm kim")
    _ = harness.takeCommands()
    harness.receiveMessage(from: "zoe", "one")
    harness.receiveMessage(from: "neha", "two")
    harness.receiveMessage(from: "zoe", "three")
    #expect(harness.tabBar == " 1 #lobby•2  2 @kim")
    harness.press("Alt+1")
    #expect(new(harness) == " 12:01 zoe: one")
    #expect(harness.takeCommands() == [])
  }
}
