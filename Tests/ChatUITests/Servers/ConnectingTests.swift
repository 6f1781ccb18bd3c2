import ChatModel
import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

/// Opening and closing servers, and quitting with several.
@Suite
struct ConnectingTests {
  private var harness: InterfaceHarness

  init() throws { harness = try InterfaceHarness.withTwoServers(80, 24) }

  private var lastLine: String { harness.pane.last ?? "" }

  // MARK: /connect

  @Test
  mutating func `/connect opens a server beside the others, and goes to one that is open`() throws {
    harness.enter("/connect lab")
    #expect(harness.takeCommands() == [.connect(try ShareLink("lab.example.org:4000"))])
    harness.open("lab.example.org:4000")
    #expect(harness.tabBar == " work 1 #lobby 2 #dev  home 3 #lobby  lab… 4 #lobby")
    #expect(harness.place == "lab/#lobby")
    harness.enter("/connect work")
    #expect(harness.takeCommands() == [.connect(ShareLink(endpoint: .work))], "another attempt")
    #expect(harness.place == "work/#lobby")
  }

  @Test
  mutating func `at most eight servers are open`() {
    for number in 1...6 { harness.open("10.0.0.\(number):4000") }
    #expect(harness.interface.servers.count == 8)
    harness.enter("/connect lab")
    #expect(harness.takeCommands().isEmpty)
    #expect(lastLine.hasSuffix("8 servers are open, which is the limit; /disconnect closes one"))
    harness.open("lab.example.org:4000")
    #expect(harness.interface.servers.count == 8)
  }

  @Test
  func `a server where nothing listens gives way to another one, unless something was typed`() {
    for typed in ["", "draft"] {
      var harness = InterfaceHarness(80, 24, offersHost: true)
      harness.receive(.offline(Outage(reason: "refused", retryIn: .seconds(3), isRefused: true, isFirst: true)))
      harness.advanceClock(by: 5)
      harness.press("Esc")
      harness.type(typed)
      harness.open("work.example.org:4000")
      #expect(harness.takeCommands().contains(.disconnect(.local)) == typed.isEmpty)
    }
  }

  // MARK: /disconnect

  @Test
  mutating func `/disconnect closes a server and its tabs`() {
    harness.enter("/disconnect")
    #expect(harness.takeCommands() == [.disconnect(.work)])
    harness.enter("/disconnect home")
    #expect(harness.takeCommands() == [.disconnect(.home)])
    harness.enter("/disconnect lab")
    #expect(harness.takeCommands().isEmpty)
    #expect(lastLine.hasSuffix("no open server is called lab"))
    harness.press("Alt+3", "Alt+2")
    harness.close("work.example.org:4000")
    #expect(harness.place == "home/#lobby")
    #expect(harness.tabBar == " 1 #lobby")
    #expect(lastLine.hasSuffix("work is closed"))
    harness.enter("/disconnect")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.pane.suffix(2).joined().contains("home is the only server; /connect opens another one, /quit"))
  }

  @Test
  mutating func `/disconnect keeps a server that is hosted here`() {
    harness.update(.server(.home, .host(.started(invitation: "swiftchat connect here"))))
    _ = harness.takeCommands()
    harness.enter("/disconnect home")
    #expect(harness.takeCommands().isEmpty)
    #expect(lastLine.hasSuffix("home is hosted here, and stays until you leave with /quit"))
  }

  @Test
  mutating func `closing a server reports the text that it keeps`() {
    harness.press("Alt+3")
    harness.type("half")
    harness.press("Alt+1")
    harness.close("192.0.2.7:4000")
    #expect(lastLine.hasSuffix("home is closed: #lobby has a draft. /connect home goes back"))
    #expect(harness.place == "work/#lobby")
  }

  @Test(arguments: ["other.example.org:4000", "other.example.org:4001"])
  func `the hint after closing a server leads back to it, whatever its port`(address: String) throws {
    var harness = InterfaceHarness.online(120, 24)
    harness.open(address)
    harness.goOnline()
    harness.type("half")
    harness.close(address)
    let alert = try #require(harness.interface.tabs.current.transcript.entries.last?.body)
    guard case .notice(let text) = alert, let hint = text.firstRange(of: "/connect ") else {
      Issue.record("\(alert)")
      return
    }
    harness.enter(String(text[hint.lowerBound...].dropLast(" goes back".count)))
    #expect(harness.takeCommands().contains(.connect(try ShareLink(address))))
  }

  // MARK: Quitting

  @Test
  mutating func `the question at quit counts the users of the server that is hosted here`() {
    harness.update(.server(.home, .host(.started(invitation: "swiftchat connect here"))))
    _ = harness.takeCommands()
    harness.press("Ctrl+Q")
    #expect(harness.screen.rows.contains { $0.contains("You are hosting, and somebody else is connected.") })
    #expect(harness.takeCommands().isEmpty)
    harness.press("y")
    #expect(harness.takeCommands() == [.quit])
  }

  @Test
  mutating func `nothing typed is lost at quit, whichever server cannot save it`() {
    harness.press("Alt+3")
    harness.type("half")
    harness.press("Alt+1")
    harness.press("Ctrl+Q")
    #expect(harness.takeCommands() == [.quit])
    // Work has nothing to lose; home does.
    harness.update(.server(.home, .saveFailed(reason: "the disk is full", isLeaving: false)))
    harness.update(.server(.work, .saveFailed(reason: "the disk is full", isLeaving: true)))
    harness.advanceClock(by: 5)
    #expect(harness.screen.rows.contains { $0.contains("#lobby has a draft. Leave without it?") })
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.interface.typedTexts(of: .home).map(\.place) == ["home/#lobby"])
    harness.press("y")
    #expect(harness.takeCommands() == [.quitUnsaved])
    harness.press("Esc")
    #expect(harness.statusRow.hasPrefix(" not saved: home · ada "))
    // Without typed text at the servers that cannot be saved, nothing is lost.
    harness.update(.server(.home, .saved))
    harness.update(.server(.work, .saveFailed(reason: "the disk is full", isLeaving: true)))
    #expect(harness.takeCommands() == [.quitUnsaved])
  }
}
