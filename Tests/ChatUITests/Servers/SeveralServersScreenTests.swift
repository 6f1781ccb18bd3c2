import ChatModel
import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

/// The screen with several servers.
@Suite
struct SeveralServersScreenTests {
  /// Messages at both servers.
  private func harness(_ columns: Int, _ rows: Int) throws -> InterfaceHarness {
    var harness = try InterfaceHarness.withTwoServers(columns, rows)
    harness.receiveMessage(from: "zoe", "the build is green")
    harness.receiveDirectMessage(from: "zoe", "psst")
    harness.server = .home
    harness.receiveMessage(from: "kim", "neha: tea?")
    return harness
  }

  @Test
  func `two servers at 80 by 24`() throws {
    var harness = try harness(80, 24)
    harness.expectScreen(
      """
       work 1 #lobby 2 #dev 3 @zoe•1  home 4 #lobby!1                             3 ☺



















      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  zoe     the build is green
       ada · work.example.org:4000                                            F1 help
       work/#lobby›
      """)
    harness.press("Alt+4")
    harness.expectScreen(
      """
       work 1 #lobby 2 #dev 3 @zoe•1  home 4 #lobby                               2 ☺

















      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to 192.0.2.7:4000 as neha
      ──────────────────────────────────── 1 new ─────────────────────────────────────
       12:01  kim   ▌ neha: tea?
       neha · 192.0.2.7:4000                                                  F1 help
       home/#lobby›
      """)
  }

  @Test
  func `two servers at 120 by 40`() throws {
    var harness = try harness(120, 40)
    harness.press("Alt+A")
    let rows = harness.screen.rows
    #expect(rows[0] == " work 1 #lobby 2 #dev 3 @zoe•1  home 4 #lobby" + String(repeating: " ", count: 67) + "F1 help")
    #expect(rows[1] == String(repeating: " ", count: 100) + "2 in #lobby")
    #expect(rows[2] == String(repeating: " ", count: 100) + "● kim")
    #expect(rows[3] == String(repeating: " ", count: 100) + "● neha          you")
    #expect(rows[37].hasPrefix(" 12:01     kim ▌ neha: tea?"))
    #expect(rows[38] == " neha · 192.0.2.7:4000")
    #expect(rows[39] == " home/#lobby›")
  }

  @Test
  func `two servers at 40 by 10`() throws {
    var harness = try harness(40, 10)
    harness.expectScreen(
      """
       work 1 #lobby 2 #dev       4 #lobby!1 ›





      ─────── Sunday, 22 November 2026 ───────
       12:01 zoe: the build is green
       ada · work.example.org:4000    F1 help
       work/#lobby›
      """)
    harness.press("Alt+4")
    harness.expectScreen(
      """
      ‹ work 2 #dev 3 @zoe•1  home 4 #lobby


      ─────── Sunday, 22 November 2026 ───────
       12:01 -- connected to 192.0.2.7:4000 as
               neha
      ──────────────── 1 new ─────────────────
       12:01▌kim: neha: tea?
       neha · 192.0.2.7:4000          F1 help
       home/#lobby›
      """)
  }

  @Test
  func `the name of a server has a sign while messages cannot be sent`() throws {
    var harness = try InterfaceHarness.withTwoServers(80, 10)
    harness.server = .home
    harness.receive(.offline(Outage(reason: "connection refused", retryIn: .seconds(3))))
    #expect(harness.tabBar == " work 1 #lobby 2 #dev  home× 3 #lobby")
    #expect(harness.statusRow.hasPrefix(" ada · work.example.org:4000 "), "the server on the screen is connected")
    harness.receive(.connecting(.home, attempt: 2))
    #expect(harness.tabBar == " work 1 #lobby 2 #dev  home… 3 #lobby")
    harness.receive(.nameRefused(Nickname(testing: "neha"), .taken, suggestion: nil))
    harness.advanceClock(by: 5)
    #expect(harness.tabBar == " work 1 #lobby 2 #dev  home? 3 #lobby")
    harness.goOnline()
    #expect(harness.tabBar == " work 1 #lobby 2 #dev  home 3 #lobby")
  }

  @Test
  func `the tab bar shows the server of the first tab in view, and hidden tabs of other servers`() throws {
    var harness = try InterfaceHarness.withTwoServers(60, 10)
    for number in 1...6 { harness.receive(.roomJoined(RoomName(testing: "#room\(number)"))) }
    harness.server = .home
    for number in 7...9 { harness.receive(.roomJoined(RoomName(testing: "#room\(number)"))) }
    harness.receiveDirectMessage(from: "kim", "hello")
    #expect(harness.tabBar == " work 1 #lobby 2 #dev 3 #room1 4 #room2          13 @kim•1 ›")
    harness.press("Alt+7")
    #expect(harness.tabBar == "‹ work 6 #room4 7 #room5 8 #room6  home 9 #lobby 13 @kim•1 ›")
    harness.press("Alt+J", "1", "2", "Enter")
    #expect(harness.tabBar == "‹ home 9 #lobby 10 #room7 11 #room8 12 #room9 13 @kim•1")
    // Each label is drawn whole, or not at all.
    for columns in 20...120 {
      harness.resize(columns, 10)
      #expect(harness.tabBar.cellWidth <= columns)
    }
  }

  @Test
  func `servers without a short name are shown by their host, with the port if they share it`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.open("chat.example.org:4711", isShown: false)
    #expect(harness.tabBar == " localhost 1 #lobby  chat.example.org… 2 #lobby")
    harness.open("localhost:4711", isShown: false)
    #expect(harness.tabBar == " localhost:4000 1 #lobby  chat.example.org… 2 #lobby  localhost:4711… 3 #lobby")
  }

  @Test
  func `no two servers have the same name`() throws {
    var harness = try InterfaceHarness.withTwoServers(80, 10)
    harness.open("home:4000", isShown: false)
    harness.goOnline()
    #expect(harness.tabBar == " work 1 #lobby 2 #dev  home 3 #lobby  home:4000 4 #lobby")
    harness.enter("/tab home:4000/lobby")
    #expect(harness.place == "home:4000/#lobby")
  }

  @Test
  func `notifications and the title name the server where there are several`() throws {
    var harness = try harness(80, 24)
    #expect(harness.interface.title == "(2) swiftchat · work")
    harness.press("Alt+4")
    #expect(harness.interface.title == "(1) swiftchat · home")
    var preferences = harness.interface.preferences
    preferences.notifications.sendsTexts = true
    harness.update(.preferences(preferences))
    harness.server = .work
    _ = harness.takeCommands()
    harness.advanceClock(by: 100)
    harness.receiveMessage(from: "zoe", "ada: done", in: "#dev")
    let places = harness.takeCommands().compactMap { if case .notify(let message) = $0 { message.place } else { nil } }
    #expect(places == ["work/#dev"])
  }
}
