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
  private func stage(_ columns: Int = 80) -> Stage {
    var stage = Stage.online(columns, 24)
    stage.hear(
      .roster(.lobby, [Person(Nickname(testing: "neha")), Person(zoe, isGuest: true), Person(kim)]))
    return stage
  }

  private func shows(_ stage: Stage, _ text: String) -> Bool { stage.screen.rows.contains { $0.contains(text) } }

  @Test(arguments: [80, 30])
  func `is in the tab bar and in the switcher`(columns: Int) {
    var stage = stage(columns)
    stage.write("zoe", "psst")
    stage.write("kim", "psst")
    #expect(stage.screen.rows[0].hasPrefix(" 1 #lobby ") && stage.screen.rows[0].contains(" 2 @~zoe•1 "))
    stage.press("Ctrl+G")
    #expect(shows(stage, " @~zoe •1") && shows(stage, " @kim •1"))
  }

  @Test
  func `is at the start of a conversation and in the status line`() {
    var stage = stage()
    stage.sync("@zoe", head: 1)
    stage.page(1...1, in: "@zoe", by: "zoe", hasMore: false)
    stage.enter("/dm zoe")
    #expect(shows(stage, " beginning of @~zoe "))
    #expect(shows(stage, "~zoe │ 1"))
    stage.hear(.away(zoe, text: "lunch"))
    #expect(stage.statusRow.contains("~zoe is away: lunch"))
    stage.leave("zoe")
    #expect(stage.statusRow.contains("~zoe is not here"))
    #expect(stage.screen.rows[0].contains("@~zoe"), "who it was does not change by leaving")
  }

  @Test(arguments: [100, 60, 40, 25])
  func `is in every line about the guest`(columns: Int) {
    var stage = stage(columns)
    stage.hear(.left(zoe, .lobby, reason: "gone"))
    #expect(shows(stage, "~zoe left"))
    stage.hear(.joined(zoe, .lobby), .guest(zoe))
    #expect(shows(stage, "~zoe rejoined"))
    stage.hear(.away(zoe, text: "tea"), .back(zoe))
    #expect(shows(stage, "~zoe is away: tea") && shows(stage, "~zoe is back"))
    stage.say("zoe", "Trees", sequence: 1, kind: .topic)
    #expect(shows(stage, "~zoe set the topic:"))
    stage.say("zoe", "hi", sequence: 2)
    stage.hear(.redacted(.lobby, 2, by: zoe))
    #expect(shows(stage, "(removed)"))
    stage.say("kim", "ho", sequence: 3)
    stage.hear(.redacted(.lobby, 3, by: zoe))
    #expect(!shows(stage, "~kim"))
  }

  @Test(arguments: [80, 50])
  func `is in server search results`(columns: Int) {
    var stage = stage(columns)
    stage.enter("/search tree")
    let said = ChatMessage(
      target: .person(zoe), author: zoe, text: "a tree", time: .noon, isOwn: false, sequence: 1, id: 1)
    stage.hear(.found(1, [said], hasMore: false))
    #expect(shows(stage, "@~zoe"))
    #expect(shows(stage, columns == 80 ? " ~zoe " : "~zoe: a tree"))
  }

  @Test
  func `remains after they have left, after a disconnect, and while they are away`() {
    var stage = stage()
    stage.say("zoe", "hi")
    stage.leave("zoe")
    #expect(shows(stage, "~zoe │ hi"))
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(3))))
    #expect(shows(stage, "~zoe │ hi"))
    let long = String(repeating: "away ", count: 100)
    stage.hear(.roster(.lobby, [Person(zoe, away: long, isGuest: true)]))
    #expect(shows(stage, "~zoe │ hi"))
    #expect(stage.interface.rosters.lobby[zoe]?.isGuest == true)
  }

  @Test
  func `ends when the name gets an owner`() {
    var stage = stage()
    stage.say("zoe", "hi")
    stage.write("zoe", "psst")
    stage.leave("zoe")
    stage.hear(.joined(zoe, .lobby))
    #expect(!shows(stage, "~zoe"))
    stage.hear(.guest(zoe))
    #expect(shows(stage, "~zoe"))
    stage.hear(.roster(.lobby, [Person(zoe)]))
    #expect(!shows(stage, "~zoe"))
  }

  @Test
  func `is also on one's own name`() {
    var stage = stage()
    stage.hear(.roster(.lobby, [Person(Nickname(testing: "neha"), isGuest: true)]))
    #expect(stage.statusRow.contains(" ~neha "))
  }

  @Test
  func `is absent on a server without name owners`() {
    var stage = Stage.online(80, 24, with: ["zoe"])
    stage.write("zoe", "psst")
    stage.join("lee")
    stage.leave("zoe")
    #expect(!shows(stage, "~"))
  }
}
