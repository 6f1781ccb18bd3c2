import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Tabs for direct conversations.
@Suite
struct DirectScreenTests {
  @Test
  func `open for a direct message, behind the current tab`() {
    var stage = Stage.online(80, 8, with: ["akash"])
    stage.write("akash", "psst")
    stage.write("akash", "are you there?")
    stage.expectScreen(
      """
       1 #lobby  2 @akash•2
                                                                      │ 2 here
                                                                      │ akash
                                                                      │ neha
      ────────────────── Sunday, 22 November 2026 ─────────────────── │
      12:01         -- │ connected to localhost:4000 as neha          │
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.style(of: " 2 @akash•2 ") == Style(.highlight, .bold))
    stage.press("Alt+2")
    stage.expectScreen(
      """
       1 #lobby  2 @akash
                                                                      │ 2 here
      ────────────────── Sunday, 22 November 2026 ─────────────────── │ akash
      ───────────────────────────── new ───────────────────────────── │ neha
      12:01      akash │ psst                                         │
      12:01      akash │ are you there?                               │
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.style(of: " new ") == Style(.highlight))
    #expect(stage.style(of: " 1 #lobby ") == .dim)
  }

  @Test
  func `open with /dm, and unconfirmed text is dim`() {
    var stage = Stage.online(80, 8, with: ["akash"])
    stage.enter("/dm AKASH lunch?")
    stage.expectScreen(
      """
       1 #lobby  2 @akash
                                                                      │ 2 here
                                                                      │ akash
                                                                      │ neha
                                                                      │
        ···       neha │ lunch?                                       │
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.style(of: "lunch?") == .dim)
  }

  @Test
  func `show whether the other user is online`() {
    var stage = Stage.online(80, 8, with: ["akash"])
    stage.enter("/dm akash")
    #expect(stage.statusRow.hasPrefix(" neha · localhost:4000 "))
    stage.hear(.away(Nickname(testing: "akash"), text: "lunch"))
    #expect(stage.statusRow.hasPrefix(" akash is away: lunch · neha · localhost:4000 "))
    stage.hear(.away(Nickname(testing: "akash"), text: ""))
    #expect(stage.statusRow.hasPrefix(" akash is away · neha · localhost:4000 "))
    stage.leave("akash")
    #expect(stage.statusRow.hasPrefix(" akash is not here · neha · localhost:4000 "))
    #expect(
      stage.pane.suffix(3).map { $0.split(separator: "│")[1] } == [
        " akash is away: lunch", " akash is away", " akash left (said goodbye)",
      ])
  }

  @Test
  func `are limited in number`() {
    var stage = Stage.online(80, 8)
    for number in 1..<TabList.maximumTabs { stage.write("spam\(number)", "buy") }
    #expect(stage.interface.tabs.tabs.count == TabList.maximumTabs)
    _ = stage.takeCommands()
    stage.wait(60)
    stage.write("mallory", "buy more")
    #expect(stage.interface.tabs.tabs.count == TabList.maximumTabs)
    #expect(stage.takeCommands() == [.bell])
    #expect(stage.pane.joined().contains("mallory wrote to you"))
    stage.enter("/dm zoe hi")
    #expect(stage.takeSends().isEmpty)
  }
}
