import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

@Suite
struct TabBarTests {
  @Test
  func `the tab bar shows unread counts`() {
    var harness = InterfaceHarness.online(80, 8)
    harness.receiveDirectMessage(from: "akash", "one")
    harness.press("Alt+2")
    harness.receiveMessage(from: "zoe", "hi")
    harness.receiveMessage(from: "zoe", "ho")
    #expect(harness.tabBar == " 1 #lobby•2  2 @akash")
    #expect(harness.style(of: " 1 #lobby•2 ") == .bold)
    harness.receiveMessage(from: "zoe", "neha?")
    #expect(harness.tabBar == " 1 #lobby!3  2 @akash")
    #expect(harness.style(of: " 1 #lobby!3 ") == Style(.highlight, .bold))
    for _ in 0..<1000 { harness.receiveMessage(from: "zoe", "spam") }
    #expect(harness.tabBar == " 1 #lobby!999+  2 @akash")
    harness.press("Alt+1")
    #expect(harness.tabBar == " 1 #lobby  2 @akash")
  }

  @Test
  func `the tab bar keeps the current tab in view and shows what is hidden on either side`() {
    var harness = InterfaceHarness.online(40, 8)
    for name in ["akash", "zoe", "kim", "lee", "noor"] { harness.enter("/dm \(name)") }
    #expect(harness.tabBar == "‹ 3 @zoe  4 @kim  5 @lee  6 @noor")
    #expect(harness.style(of: "‹") == .dim)
    harness.receiveMessage(from: "zoe", "neha!")
    #expect(harness.tabBar == "‹ 1 #lobby!1  4 @kim  5 @lee  6 @noor")
    #expect(harness.style(of: "‹") == Style(.highlight, .bold))
    harness.press("Alt+1")
    #expect(harness.tabBar == " 1 #lobby  2 @akash  3 @zoe  4 @kim    ›")
    #expect(harness.style(of: "›") == .dim)
    harness.receiveDirectMessage(from: "noor", "psst")
    #expect(harness.tabBar == " 1 #lobby  2 @akash          6 @noor•1 ›")
    #expect(harness.screen[0, 39].style == Style(.highlight, .bold))
    harness.press("Alt+4")
    #expect(harness.tabBar == "‹ 3 @zoe  4 @kim  5 @lee  6 @noor•1")
  }

  @Test(arguments: [40, 60, 80, 120])
  func `the tab bar names tabs with direct messages that are out of view, at every width`(columns: Int) {
    var harness = InterfaceHarness.online(columns, 10)
    for number in 1...30 { harness.enter("/dm person\(number)") }
    harness.press("Alt+1")
    harness.receiveDirectMessage(from: "zoe", "psst")
    #expect(harness.tabBar.hasPrefix(" 1 #lobby "))
    #expect(harness.tabBar.hasSuffix(" 32 @zoe•1 ›"))
    harness.press("Alt+A")
    #expect(harness.tabBar.hasSuffix(" 32 @zoe"))
    harness.press("Alt+A")
    harness.receiveDirectMessage(from: "person2", "hi")
    harness.press("Alt+/")
    #expect(harness.tabBar.hasPrefix("‹ 3 @pers"))
  }

  @Test
  func `the tab bar uses the full width`() {
    var harness = InterfaceHarness.online(20, 8)
    harness.enter("/dm averyverylongnameindeed")
    #expect(harness.tabBar == "‹ 2 @averyveryl…")
    harness = .online(20, 8)
    harness.receiveDirectMessage(from: "akashaka", "hi")
    #expect(harness.tabBar == " 1 #lobby  2 @a…•1 ›")
    harness = .online(20, 8)
    harness.receiveDirectMessage(from: "zoe", "hi")
    #expect(harness.tabBar == " 1 #lobby  2 @zoe•1".prefix(20))
  }
}
