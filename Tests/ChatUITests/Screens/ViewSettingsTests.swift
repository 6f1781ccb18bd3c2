import ChatModel
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// View settings.
@Suite
struct ViewSettingsTests {
  @Test
  func `are saved with every change`() {
    var stage = Stage.online(80, 10)
    stage.press("F8")
    #expect(stage.takeCommands() == [.rememberView(ViewSettings(showsSidebar: false))])
    stage.press("Alt+=")
    #expect(stage.takeCommands() == [.rememberView(ViewSettings(showsSidebar: false, hidesPresence: true))])
    stage.press("F8", "Alt+=")
    #expect(stage.takeCommands().last == .rememberView(ViewSettings()))
  }

  @Test
  func `apply in the next run`() {
    let settings = Interface.Settings(
      name: .init(testing: "neha"), endpoint: Endpoint(testing: "x:1"),
      view: ViewSettings(showsSidebar: false, hidesPresence: true),
      localOffset: { _ in 0 })
    let interface = Interface(settings: settings, size: Screen.Size(rows: 24, columns: 80), now: .noon)
    #expect(interface.layout.sidebar == nil)
    #expect(interface.walk(in: interface.layout.pane).layout.hidesPresence)
  }
}
