import ChatModel
import ChatProtocol
import TerminalTypes
import Foundation
import TestSupport
import Testing

@testable import ChatUI

/// Preferences, from the settings file.
@Suite
struct PreferencesTests {
  private func preferences(_ change: (inout Preferences) -> Void) -> Preferences {
    var preferences = Preferences()
    change(&preferences)
    return preferences
  }

  @Test
  func `preferences override the view of the last run`() {
    let settings = Interface.Settings(
      name: .init(testing: "neha"), endpoint: Endpoint(testing: "x:1"),
      view: ViewSettings(showsSidebar: true, hidesPresence: true),
      preferences: preferences { $0.showsSidebar = false },
      localOffset: { _ in 0 })
    let interface = Interface(settings: settings, size: Screen.Size(rows: 24, columns: 120), now: .noon)
    #expect(interface.view == ViewSettings(showsSidebar: false, hidesPresence: true))
  }

  @Test
  func `a reload keeps what the user switched since, unless that setting changed`() {
    var harness = InterfaceHarness.online(120, 24)
    harness.update(.preferences(preferences { $0.showsSidebar = false }))
    #expect(!harness.interface.view.showsSidebar)
    harness.press("F8")
    harness.update(.preferences(preferences { ($0.showsSidebar, $0.timeFormat) = (false, .twelveHours) }))
    #expect(harness.interface.view.showsSidebar)
    #expect(harness.interface.preferences.timeFormat == .twelveHours)
    harness.update(.preferences(preferences { ($0.showsSidebar, $0.hidesPresence) = (true, true) }))
    harness.update(.preferences(preferences { $0.showsSidebar = false }))
    #expect(harness.interface.view == ViewSettings(showsSidebar: false, hidesPresence: true))
  }

  @Test
  func `without the bell nothing rings`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.focus(false)
    harness.update(.preferences(preferences { $0.notifications.ringsBell = false }))
    harness.receiveDirectMessage(from: "zoe", "hello")
    #expect(!harness.takeCommands().contains(.bell))
    harness.update(.preferences(Preferences()))
    harness.receiveDirectMessage(from: "zoe", "hello again")
    #expect(harness.takeCommands().contains(.bell))
  }

  /// A recording whose words are replaced must not keep a second form of them.
  @Test
  func `recorded preferences have each word once`() throws {
    var preferences = NotificationPreferences()
    preferences.words = ["Zürich"]
    let text = String(decoding: try JSONEncoder().encode(preferences), as: UTF8.self)
    #expect(text.components(separatedBy: "rich").count == 2)
    let changed = try JSONDecoder().decode(
      NotificationPreferences.self, from: Data(text.replacing("Zürich", with: "Köln").utf8))
    #expect(changed.foldedWords == ["köln".folded()])
  }

  @Test
  func `every time of day has the width of its format`() {
    for minute in 0..<1440 {
      let time = LocalTime(Timestamp(milliseconds: Int64(minute) * 60_000), offset: 0)
      for format in TimeFormat.allCases { #expect(time.clockColumn(as: format).count == format.columns) }
    }
    let clocks: [(Int64, String)] = [
      (0, "12:00 am"), (9, "12:09 am"), (720, "12:00 pm"), (779, "12:59 pm"), (951, "3:51 pm"), (1380, "11:00 pm"),
    ]
    for (minute, clock) in clocks {
      #expect(LocalTime(Timestamp(milliseconds: minute * 60_000), offset: 0).clock(as: .twelveHours) == clock)
    }
  }

  @Test
  func `every time on the screen has the chosen format, and spaces only in a column`() {
    let offset = 3 * 3600 + 50 * 60
    var harness = InterfaceHarness(80, 24, offset: offset)
    harness.update(.preferences(preferences { $0.timeFormat = .twelveHours }))
    harness.goOnline(isOperator: true)
    harness.enter("/snooze 5m")
    #expect(harness.pane.last?.hasSuffix("nothing is reported until 3:56 pm; /snooze off ends that") == true)
    harness.receiveHead(head: 0)
    harness.receiveMessage(from: "zoe", "neha: hello", sequence: 1)
    harness.press("Alt+P")
    #expect(harness.statusRow == " zoe mentioned you at 3:51 pm")
    harness.enter("/remove")
    #expect(harness.screen.rows[2].hasPrefix(" 22 Nov  3:51 pm #lobby"))
    harness.press("Enter")
    harness.receive(.administered(.redact(.lobby, sequence: 1, reason: ""), .done(code: nil)))
    #expect(harness.pane.last?.hasSuffix("what zoe said at 3:51 pm was removed") == true)
    let soon = Timestamp(milliseconds: Timestamp.noon.milliseconds + 10 * 86_400_000)
    let ban = Sanction(
      kind: .ban, subject: .name(Nickname(testing: "zoe")), until: soon, by: Nickname(testing: "host"), reason: "")
    harness.enter("/bans")
    harness.receive(.administered(.listSanctions, .sanctions([ban])))
    #expect(harness.pane.last?.hasSuffix("banned  until 2 Dec 3:51 pm by host") == true)
    let act = Act(time: soon, by: Nickname(testing: "host"), verb: .ban, subject: "@zoe", text: "")
    harness.enter("/audit")
    harness.receive(.administered(.listActs(limit: 20), .acts([act])))
    #expect(harness.pane.last?.contains("  2 Dec  3:51 pm  host  ban  @zoe") == true)
  }

  @Test
  func `/connect takes the name of a server`() throws {
    var harness = InterfaceHarness.online(80, 24)
    let link = try ShareLink("192.0.2.7:4711")
    harness.update(.preferences(preferences { $0.servers = [NamedServer(label: "work", link: link)] }))
    _ = harness.takeCommands()
    harness.enter("/connect work")
    #expect(harness.takeCommands().contains(.connect(link)))
    harness.enter("/connect 192.0.2.8")
    #expect(harness.takeCommands().contains(.connect(try ShareLink("192.0.2.8"))))
  }

  @Test
  func `rooms are joined automatically once for each server and run, without changing the tab`() throws {
    let dev = RoomName(testing: "#dev")
    let server = NamedServer(label: "work", link: try ShareLink("localhost:4000"), autojoin: [dev, .lobby])
    var harness = InterfaceHarness(80, 24)
    harness.update(.preferences(preferences { $0.servers = [server] }))
    harness.goOnline()
    #expect(harness.takeCommands().filter { $0 == .client(.join(dev)) }.count == 1)
    harness.receive(.roomJoined(dev))
    #expect(harness.interface.tabs.current.target == .lobby)
    // The user leaves the room; a reconnect does not bring it back.
    harness.press("Alt+2")
    harness.enter("/part")
    harness.goOnline()
    #expect(!harness.takeCommands().contains(.client(.join(dev))))
    harness.open("other:4000")
    harness.goOnline()
    #expect(!harness.takeCommands().contains(.client(.join(dev))))
    harness.close("localhost:4000")
    harness.open("localhost:4000")
    harness.goOnline()
    #expect(harness.takeCommands().contains(.client(.join(dev))))
  }
}
