import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Reports of messages to a user who is not looking.
@Suite
struct NotificationTests {
  /// A user who looks at another window.
  private func away(_ change: (inout NotificationPreferences) -> Void = { _ in }) -> InterfaceHarness {
    var preferences = Preferences()
    preferences.notifications.sendsTexts = true
    change(&preferences.notifications)
    var harness = InterfaceHarness.online(80, 24, with: ["zoe", "mallory"])
    harness.update(.preferences(preferences))
    harness.focus(false)
    _ = harness.takeCommands()
    return harness
  }

  /// The texts of the notifications since the last call, and how often the bell rang.
  private func reports(_ harness: inout InterfaceHarness) -> (texts: [String], bells: Int) {
    let commands = harness.takeCommands()
    return (
      commands.compactMap { if case .notify(let notification) = $0 { notification.text } else { nil } },
      commands.count { $0 == .bell }
    )
  }

  /// The notifications of a message in a room, a mention there and a direct message.
  private func reported(_ change: (inout NotificationPreferences) -> Void, after input: String? = nil) -> [String] {
    var harness = away(change)
    if let input {
      harness.enter(input)
      harness.focus(false)
      _ = harness.takeCommands()
    }
    var texts: [String] = []
    for text in ["plain", "neha: mention"] {
      harness.advanceClock(by: 600)
      harness.receiveMessage(from: "zoe", text)
      texts += reports(&harness).texts
    }
    harness.advanceClock(by: 600)
    harness.receiveDirectMessage(from: "zoe", "direct")
    return texts + reports(&harness).texts
  }

  @Test
  func `a notification level selects messages in rooms and from people`() {
    let all = ["zoe: plain", "zoe: neha: mention", "zoe: direct"]
    #expect(reported { _ in } == [all[1], all[2]])
    #expect(reported { $0.rooms = .all } == all)
    #expect(reported { $0.rooms = .none } == [all[2]])
    #expect(reported { $0.directMessages = .mentions } == [all[1]])
    #expect(reported { $0.levels[Target.lobby] = NotificationLevel.none } == [all[2]])
    #expect(reported { $0.words = ["PLAIN"] } == all)
    #expect(reported { $0.words = ["pla"] } == [all[1], all[2]])
    #expect(reported({ $0.sendsTexts = false }) == [])
    // The choice in the chat counts more than the settings.
    #expect(reported({ $0.levels[Target.lobby] = .all }, after: "/notify none") == [all[2]])
    #expect(reported({ _ in }, after: "/notify all") == all)
  }

  @Test
  func `notifications are limited like the bell, and both at once`() {
    var harness = away()
    for number in 0..<50 { harness.receiveDirectMessage(from: "zoe", "\(number)") }
    var found = reports(&harness)
    #expect(found.texts == ["zoe: 0"] && found.bells == 1)
    harness.advanceClock(by: 3)
    harness.receiveDirectMessage(from: "zoe", "later")
    found = reports(&harness)
    #expect(found.texts == ["zoe: later"] && found.bells == 1)
  }

  @Test
  func `silence holds until it is ended or is over`() {
    var harness = away()
    harness.enter("/dnd")
    harness.focus(false)
    harness.receiveDirectMessage(from: "zoe", "1")
    harness.advanceClock(by: 1_000_000)
    harness.receiveDirectMessage(from: "zoe", "2")
    #expect(reports(&harness).texts == [])
    harness.enter("/dnd off")
    harness.focus(false)
    harness.receiveDirectMessage(from: "zoe", "3")
    #expect(reports(&harness).texts == ["zoe: 3"])

    harness.enter("/snooze 10m")
    harness.focus(false)
    harness.advanceClock(by: 599)
    harness.receiveDirectMessage(from: "zoe", "4")
    var found = reports(&harness)
    #expect(found.texts == [] && found.bells == 0)
    harness.advanceClock(by: 1)
    harness.receiveDirectMessage(from: "zoe", "5")
    found = reports(&harness)
    #expect(found.texts == ["zoe: 5"] && found.bells == 1)
    // `/dnd` does not end a snooze: it makes it endless.
    harness.enter("/snooze 10m")
    harness.enter("/dnd")
    harness.focus(false)
    harness.advanceClock(by: 1000)
    harness.receiveDirectMessage(from: "zoe", "silenced")
    #expect(reports(&harness).texts == [])
    harness.enter("/dnd")
    // A clock that is set back does not silence for ever.
    harness.enter("/snooze 10m")
    harness.focus(false)
    harness.advanceClock(by: -86_400)
    harness.receiveDirectMessage(from: "zoe", "6")
    #expect(reports(&harness).texts == ["zoe: 6"])
    for wrong in ["/snooze soon", "/snooze 5w", "/dnd maybe", "/notify some"] {
      harness.enter(wrong)
      #expect(harness.pane.last?.contains("write it as: /") == true, "\(wrong)")
    }
  }

  @Test
  func `a notification is one harmless line`() {
    var harness = away()
    harness.receiveDirectMessage(
      from: "zoe", "<img src=x>\u{202e}a\nb\u{1b}]0;x\u{07}" + String(repeating: "z", count: 5000))
    let text = reports(&harness).texts.first ?? ""
    #expect(text.hasPrefix("zoe: ‹img src=x›"), "\(text)")
    #expect(text.count <= 201)
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202e}" })
    harness.advanceClock(by: 600)
    harness.receiveMessage(from: "-rf", "neha")
    #expect(reports(&harness).texts == [" -rf: neha"])
  }

  @Test
  func `the title counts unread messages of tabs that report any`() {
    var harness = away()
    #expect(harness.interface.title == "swiftchat")
    harness.receiveMessage(from: "zoe", "1")
    harness.receiveDirectMessage(from: "zoe", "2")
    #expect(harness.interface.title == "(2) swiftchat")
    harness.enter("/notify none")
    harness.focus(false)
    harness.receiveMessage(from: "zoe", "3")
    #expect(harness.interface.title == "(1) swiftchat")
    for number in 0..<150 { harness.receiveDirectMessage(from: "zoe", "\(number)") }
    #expect(harness.interface.title == "(99+) swiftchat")
  }

  @Test
  func `the level of a tab survives a restart`() {
    var harness = away()
    harness.enter("/notify none")
    let next = InterfaceHarness(80, 24, memory: harness.memory)
    #expect(next.interface.tabs.current.notifies == NotificationLevel.none)
  }

  @Test
  func `a tab that reports nothing does not ask for attention, wherever that was chosen`() {
    for isInChat in [true, false] {
      var harness = away {
        if !isInChat { $0.levels[Target(testing: "#dev")] = NotificationLevel.none }
      }
      harness.receive(.roomJoined(RoomName(testing: "#dev")), .roomJoined(RoomName(testing: "#ops")))
      harness.focus(true)
      if isInChat {
        harness.press("Alt+2")
        harness.enter("/notify none")
        harness.press("Alt+1")
      }
      harness.receiveMessage(from: "zoe", "neha: hello", in: "#dev")
      harness.receiveMessage(from: "zoe", "hello", in: "#ops")
      #expect(harness.interface.title == "(1) swiftchat")
      #expect(harness.style(of: " 2 #dev!1 ") == .dim)
      #expect(harness.style(of: " 3 #ops•1 ") == .bold)
      harness.press("Ctrl+G")
      #expect((harness.interface.overlays.top as? Switcher)?.destinations.first?.name == "#ops")
      harness.press("Esc")
      harness.advanceClock(by: 5)
      harness.press("Alt+A")
      #expect(harness.interface.tabs.current.target == Target(testing: "#ops"))
      harness.press("Alt+A")
      #expect(harness.interface.tabs.current.target == .lobby)
    }
  }

  @Test
  func `a direct message without a tab is reported by the same rules`() {
    func harness(_ change: (inout NotificationPreferences) -> Void = { _ in }) -> InterfaceHarness {
      var harness = away(change)
      for number in 0..<TabList.maximumTabs { harness.receive(.roomJoined(RoomName(testing: "#r\(number)"))) }
      harness.advanceClock(by: 600)
      _ = harness.takeCommands()
      return harness
    }
    var full = harness()
    full.receiveDirectMessage(from: "zoe", "/me waves")
    var found = reports(&full)
    #expect(found.texts == ["zoe waves"] && found.bells == 1)
    #expect(full.pane.last?.hasSuffix("zoe wrote to you, but there are too many tabs: zoe waves") == true)
    // The user looks at the lobby, which shows it.
    full.focus(true)
    full.advanceClock(by: 600)
    full.receiveDirectMessage(from: "zoe", "seen")
    found = reports(&full)
    #expect(found.texts == [] && found.bells == 0)
    // Another terminal of the user sent it.
    let lines = full.pane
    full.receiveMessage(from: "neha", "from elsewhere", in: "@zoe")
    #expect(full.pane == lines)
    for change: (inout NotificationPreferences) -> Void in [
      { $0.directMessages = .none }, { $0.levels[Target(testing: "@zoe")] = NotificationLevel.none },
    ] {
      var silent = harness(change)
      silent.receiveDirectMessage(from: "zoe", "psst")
      let found = reports(&silent)
      #expect(found.texts == [] && found.bells == 0)
    }
    var quiet = harness { $0.ringsBell = false }
    quiet.receiveDirectMessage(from: "zoe", "psst")
    found = reports(&quiet)
    #expect(found.texts == ["zoe: psst"] && found.bells == 0)
  }

  @Test
  func `an action is reported and listed as one`() {
    var harness = away()
    harness.receiveDirectMessage(from: "zoe", "/me waves")
    #expect(reports(&harness).texts == ["zoe waves"])
    harness.receiveMessage(from: "neha", "/me hides", sequence: 1)
    harness.focus(true)
    harness.enter("/remove")
    #expect(harness.screen.rows.contains { $0.hasSuffix("neha         * hides") }, "\(harness.screen.rows)")
  }
}
