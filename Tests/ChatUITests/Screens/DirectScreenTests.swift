import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Tabs for direct conversations.
@Suite
struct DirectScreenTests {
  @Test
  func `direct conversations open for a direct message, behind the current tab`() {
    var harness = InterfaceHarness.online(80, 8, with: ["akash"])
    harness.receiveDirectMessage(from: "akash", "psst")
    harness.receiveDirectMessage(from: "akash", "are you there?")
    harness.expectScreen(
      """
       1 #lobby  2 @akash•2                                                       2 ☺



      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to localhost:4000 as neha
       neha · localhost:4000                                                  F1 help
       #lobby›
      """)
    #expect(harness.style(of: " 2 @akash•2 ") == Style(.highlight, .bold))
    harness.press("Alt+2")
    harness.expectScreen(
      """
       1 #lobby  2 @akash

      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
      ──────────────────────────────────── 2 new ─────────────────────────────────────
       12:01  akash   psst
                      are you there?
       neha · localhost:4000                                                  F1 help
       @akash›
      """)
    #expect(harness.style(of: " new ") == Style(.highlight))
    #expect(harness.style(of: " 1 #lobby ") == .dim)
  }

  @Test
  func `direct conversations open with /dm, and unconfirmed text is dim`() {
    var harness = InterfaceHarness.online(80, 8, with: ["akash"])
    harness.enter("/dm AKASH lunch?")
    harness.expectScreen(
      """
       1 #lobby  2 @akash




         ···  neha    lunch?
       neha · localhost:4000                                                  F1 help
       @akash›
      """)
    #expect(harness.style(of: "lunch?") == .dim)
  }

  @Test
  func `direct conversations show whether the other user is online`() {
    var harness = InterfaceHarness.online(80, 8, with: ["akash"])
    harness.enter("/dm akash")
    #expect(harness.statusRow.hasPrefix(" neha · localhost:4000 "))
    harness.receive(.away(Nickname(testing: "akash"), text: "lunch"))
    #expect(harness.statusRow.hasPrefix(" akash is away: lunch · neha · localhost:4000 "))
    harness.receive(.away(Nickname(testing: "akash"), text: ""))
    #expect(harness.statusRow.hasPrefix(" akash is away · neha · localhost:4000 "))
    harness.receiveLeave("akash")
    #expect(harness.statusRow.hasPrefix(" akash is not here · neha · localhost:4000 "))
    #expect(
      harness.pane.suffix(3) == [
        " 12:01  ·       akash is away: lunch", "        ·       akash is away",
        "        ·       akash left (said goodbye)",
      ])
  }

  @Test
  func `direct conversations are limited in number`() {
    var harness = InterfaceHarness.online(80, 8)
    for number in 1..<TabList.maximumTabs { harness.receiveDirectMessage(from: "spam\(number)", "buy") }
    #expect(harness.interface.tabs.tabs.count == TabList.maximumTabs)
    _ = harness.takeCommands()
    harness.advanceClock(by: 60)
    harness.receiveDirectMessage(from: "mallory", "buy more")
    #expect(harness.interface.tabs.tabs.count == TabList.maximumTabs)
    #expect(harness.pane.joined().contains("mallory wrote to you"))
    // The user sees that line.
    #expect(harness.takeCommands() == [])
    harness.focus(false)
    harness.receiveDirectMessage(from: "mallory", "buy even more")
    #expect(harness.takeCommands() == [.bell])
    harness.enter("/dm zoe hi")
    #expect(harness.takeSends().isEmpty)
  }
}
