import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

/// The tab bar.
@Suite
struct TabBarTests {
  private func bar(_ stage: Stage) -> String { stage.screen.rows[0] }

  @Test
  func `shows unread counts`() {
    var stage = Stage.online(80, 8)
    stage.write("akash", "one")
    stage.press("Alt+2")
    stage.say("zoe", "hi")
    stage.say("zoe", "ho")
    #expect(bar(stage) == " 1 #lobby•2  2 @akash")
    #expect(stage.style(of: " 1 #lobby•2 ") == .bold)
    stage.say("zoe", "neha?")
    #expect(bar(stage) == " 1 #lobby!3  2 @akash")
    #expect(stage.style(of: " 1 #lobby!3 ") == Style(.highlight, .bold))
    for _ in 0..<1000 { stage.say("zoe", "spam") }
    #expect(bar(stage) == " 1 #lobby!999+  2 @akash")
    stage.press("Alt+1")
    #expect(bar(stage) == " 1 #lobby  2 @akash")
  }

  @Test
  func `keeps the current tab in view and shows what is hidden on either side`() {
    var stage = Stage.online(40, 8)
    for name in ["akash", "zoe", "kim", "lee", "noor"] { stage.enter("/dm \(name)") }
    #expect(bar(stage) == "‹ 3 @zoe  4 @kim  5 @lee  6 @noor")
    #expect(stage.style(of: "‹") == .dim)
    stage.say("zoe", "neha!")
    #expect(bar(stage) == "‹ 1 #lobby!1  4 @kim  5 @lee  6 @noor")
    #expect(stage.style(of: "‹") == Style(.highlight, .bold))
    stage.press("Alt+1")
    #expect(bar(stage) == " 1 #lobby  2 @akash  3 @zoe  4 @kim    ›")
    #expect(stage.style(of: "›") == .dim)
    stage.write("noor", "psst")
    #expect(bar(stage) == " 1 #lobby  2 @akash          6 @noor•1 ›")
    #expect(stage.screen[0, 39].style == Style(.highlight, .bold))
    stage.press("Alt+4")
    #expect(bar(stage) == "‹ 3 @zoe  4 @kim  5 @lee  6 @noor•1")
  }

  @Test(arguments: [40, 60, 80, 120])
  func `names tabs with direct messages that are out of view, at every width`(columns: Int) {
    var stage = Stage.online(columns, 10)
    for number in 1...30 { stage.enter("/dm person\(number)") }
    stage.press("Alt+1")
    stage.write("zoe", "psst")
    #expect(bar(stage).hasPrefix(" 1 #lobby "))
    #expect(bar(stage).hasSuffix(" 32 @zoe•1 ›"))
    stage.press("Alt+A")
    #expect(bar(stage).hasSuffix(" 32 @zoe"))
    stage.press("Alt+A")
    stage.write("person2", "hi")
    stage.press("Alt+/")
    #expect(bar(stage).hasPrefix("‹ 3 @pers"))
  }

  @Test
  func `uses the full width`() {
    var stage = Stage.online(20, 8)
    stage.enter("/dm averyverylongnameindeed")
    #expect(bar(stage) == "‹ 2 @averyveryl…")
    stage = .online(20, 8)
    stage.write("akashaka", "hi")
    #expect(bar(stage) == " 1 #lobby  2 @a…•1 ›")
    stage = .online(20, 8)
    stage.write("zoe", "hi")
    #expect(bar(stage) == " 1 #lobby  2 @zoe•1".prefix(20))
  }
}
