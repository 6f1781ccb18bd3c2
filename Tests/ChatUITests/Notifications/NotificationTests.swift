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
    // A clock that is set back does not silence for ever.
    harness.enter("/snooze 10m")
    harness.focus(false)
    harness.advanceClock(by: -86_400)
    harness.receiveDirectMessage(from: "zoe", "6")
    #expect(reports(&harness).texts == ["zoe: 6"])
    for wrong in ["/snooze soon", "/snooze 5w", "/snooze 30m 2", "/dnd maybe", "/notify some"] {
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
}
