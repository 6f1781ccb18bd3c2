import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The mark of a guest's name.
@Suite
struct GuestTests {
  private let zoe = Nickname(testing: "zoe")
  private let kim = Nickname(testing: "kim")

  /// zoe is a guest, and kim owns the name.
  private func harness(_ columns: Int = 80) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, 24)
    harness.receive(
      .roster(.lobby, [Person(Nickname(testing: "neha")), Person(zoe, isGuest: true), Person(kim)]))
    return harness
  }

  private func shows(_ harness: InterfaceHarness, _ text: String) -> Bool {
    harness.screen.rows.contains { $0.contains(text) }
  }

  @Test(arguments: [80, 30])
  func `the guests' sign is in the tab bar and in the switcher`(columns: Int) {
    var harness = harness(columns)
    harness.receiveDirectMessage(from: "zoe", "psst")
    harness.receiveDirectMessage(from: "kim", "psst")
    #expect(harness.screen.rows[0].hasPrefix(" 1 #lobby ") && harness.screen.rows[0].contains(" 2 @~zoe•1 "))
    harness.press("Ctrl+G")
    #expect(shows(harness, " @~zoe •1") && shows(harness, " @kim •1"))
  }

  @Test
  func `the guests' sign is not what an owned name begins with`() {
    let (guest, owner) = (Nickname(testing: "gus3"), Nickname(testing: "~gus3"))
    var harness = InterfaceHarness.online(80, 24)
    harness.receive(.roster(.lobby, [Person(guest, isGuest: true), Person(owner)]))
    harness.receiveMessage(from: "gus3", "one")
    #expect(harness.pane.last?.contains(" ~gus3 ") == true)
    harness.receiveMessage(from: "~gus3", "two")
    #expect(harness.pane.last?.contains(" <~gus3> ") == true)
    #expect(Person(owner).shownName == "<~gus3>" && Person(guest, isGuest: true).shownName == "~gus3")
  }

  @Test
  func `the guests' sign is at the start of a conversation and in the status line`() {
    var harness = harness()
    harness.receiveHead("@zoe", head: 1)
    harness.receivePage(1...1, in: "@zoe", by: "zoe", hasMore: false)
    harness.enter("/dm zoe")
    #expect(shows(harness, " beginning of @~zoe "))
    #expect(shows(harness, "~zoe    1"))
    harness.receive(.away(zoe, text: "lunch"))
    #expect(harness.statusRow.contains("~zoe is away: lunch"))
    harness.receiveLeave("zoe")
    #expect(harness.statusRow.contains("~zoe is not here"))
    #expect(harness.screen.rows[0].contains("@~zoe"), "who it was does not change by leaving")
  }

  @Test(arguments: [100, 60, 40, 25])
  func `the guests' sign is in every line about the guest`(columns: Int) {
    var harness = harness(columns)
    harness.receive(.left(zoe, .lobby, reason: "gone"))
    #expect(shows(harness, "~zoe left"))
    harness.receive(.joined(zoe, .lobby), .guest(zoe))
    #expect(shows(harness, "~zoe rejoined"))
    harness.receive(.away(zoe, text: "tea"), .back(zoe))
    #expect(shows(harness, "~zoe is away: tea") && shows(harness, "~zoe is back"))
    harness.receiveMessage(from: "zoe", "Trees", sequence: 1, kind: .topic)
    #expect(shows(harness, "~zoe set the topic:"))
    harness.receiveMessage(from: "zoe", "hi", sequence: 2)
    harness.receive(.redacted(.lobby, 2, by: zoe))
    #expect(shows(harness, "(removed)"))
    harness.receiveMessage(from: "kim", "ho", sequence: 3)
    harness.receive(.redacted(.lobby, 3, by: zoe))
    #expect(!shows(harness, "~kim"))
  }

  @Test(arguments: [80, 50])
  func `the guests' sign is in server search results`(columns: Int) {
    var harness = harness(columns)
    harness.enter("/search tree")
    let said = ChatMessage(
      target: .person(zoe), author: zoe, text: "a tree", time: .noon, isOwn: false, sequence: 1, id: 1)
    harness.receive(.found(1, [said], hasMore: false))
    #expect(shows(harness, "@~zoe"))
    #expect(shows(harness, columns == 80 ? " ~zoe " : "~zoe: a tree"))
  }

  @Test
  func `the guests' sign remains after they have left, after a disconnect, and while they are away`() {
    var harness = harness()
    harness.receiveMessage(from: "zoe", "hi")
    harness.receiveLeave("zoe")
    #expect(shows(harness, "~zoe    hi"))
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(3))))
    #expect(shows(harness, "~zoe    hi"))
    let long = String(repeating: "away ", count: 100)
    harness.receive(.roster(.lobby, [Person(zoe, away: long, isGuest: true)]))
    #expect(shows(harness, "~zoe    hi"))
    #expect(harness.interface.rosters.lobby[zoe]?.isGuest == true)
  }

  @Test
  func `the guests' sign ends when the name gets an owner`() {
    var harness = harness()
    harness.receiveMessage(from: "zoe", "hi")
    harness.receiveDirectMessage(from: "zoe", "psst")
    harness.receiveLeave("zoe")
    harness.receive(.joined(zoe, .lobby))
    #expect(!shows(harness, "~zoe"))
    harness.receive(.guest(zoe))
    #expect(shows(harness, "~zoe"))
    harness.receive(.roster(.lobby, [Person(zoe)]))
    #expect(!shows(harness, "~zoe"))
  }

  @Test
  func `the guests' sign is also on one's own name`() {
    var harness = harness()
    harness.receive(.roster(.lobby, [Person(Nickname(testing: "neha"), isGuest: true)]))
    #expect(harness.statusRow.contains(" ~neha "))
  }

  @Test
  func `the guests' sign is absent on a server without name owners`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.receiveDirectMessage(from: "zoe", "psst")
    harness.receiveJoin("lee")
    harness.receiveLeave("zoe")
    #expect(!shows(harness, "~"))
  }
}
