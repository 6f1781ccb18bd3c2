import ChatModel
import ChatProtocol
import TerminalTypes
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
  func `override the view of the last run`() {
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
    var stage = Stage.online(120, 24)
    stage.happen(.preferences(preferences { $0.showsSidebar = false }))
    #expect(!stage.interface.view.showsSidebar)
    stage.press("F8")
    stage.happen(.preferences(preferences { ($0.showsSidebar, $0.timeFormat) = (false, .twelveHours) }))
    #expect(stage.interface.view.showsSidebar)
    #expect(stage.interface.preferences.timeFormat == .twelveHours)
    stage.happen(.preferences(preferences { ($0.showsSidebar, $0.hidesPresence) = (true, true) }))
    stage.happen(.preferences(preferences { $0.showsSidebar = false }))
    #expect(stage.interface.view == ViewSettings(showsSidebar: false, hidesPresence: true))
  }

  @Test
  func `without the bell nothing rings`() {
    var stage = Stage.online(80, 24, with: ["zoe"])
    stage.focus(false)
    stage.happen(.preferences(preferences { $0.ringsBell = false }))
    stage.write("zoe", "hello")
    #expect(!stage.takeCommands().contains(.bell))
    stage.happen(.preferences(Preferences()))
    stage.write("zoe", "hello again")
    #expect(stage.takeCommands().contains(.bell))
  }

  @Test
  func `every time of day has the width of its format`() {
    for minute in 0..<1440 {
      let time = LocalTime(Timestamp(milliseconds: Int64(minute) * 60_000), offset: 0)
      for format in TimeFormat.allCases { #expect(time.clock(as: format).count == format.columns) }
    }
    let clocks: [(Int64, String)] = [
      (0, "12:00 am"), (9, "12:09 am"), (720, "12:00 pm"), (779, "12:59 pm"), (951, " 3:51 pm"), (1380, "11:00 pm"),
    ]
    for (minute, clock) in clocks {
      #expect(LocalTime(Timestamp(milliseconds: minute * 60_000), offset: 0).clock(as: .twelveHours) == clock)
    }
  }

  @Test
  func `/connect takes the name of a server`() throws {
    var stage = Stage.online(80, 24)
    let link = try ShareLink("192.0.2.7:4711")
    stage.happen(.preferences(preferences { $0.servers = [NamedServer(label: "work", link: link)] }))
    _ = stage.takeCommands()
    stage.enter("/connect work")
    #expect(stage.takeCommands().contains(.connect(link)))
    stage.enter("/connect 192.0.2.8")
    #expect(stage.takeCommands().contains(.connect(try ShareLink("192.0.2.8"))))
  }

  @Test
  func `rooms are joined automatically once for each server and run, without changing the tab`() throws {
    let dev = RoomName(testing: "#dev")
    let server = NamedServer(label: "work", link: try ShareLink("localhost:4000"), autojoin: [dev, .lobby])
    var stage = Stage(80, 24)
    stage.happen(.preferences(preferences { $0.servers = [server] }))
    stage.connect()
    #expect(stage.takeCommands().filter { $0 == .client(.join(dev)) }.count == 1)
    stage.hear(.roomJoined(dev))
    #expect(stage.interface.tabs.current.target == .lobby)
    // The user leaves the room; a reconnect does not bring it back.
    stage.press("Alt+2")
    stage.enter("/part")
    stage.connect()
    #expect(!stage.takeCommands().contains(.client(.join(dev))))
    let elsewhere = Endpoint(testing: "other:4000")
    stage.happen(.moved(to: elsewhere, InterfaceMemory()))
    stage.connect()
    #expect(!stage.takeCommands().contains(.client(.join(dev))))
    stage.happen(.moved(to: Endpoint(testing: "localhost:4000"), InterfaceMemory()))
    stage.connect()
    #expect(stage.takeCommands().contains(.client(.join(dev))))
  }
}
