import ChatModel
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct ViewSettingsTests {
  @Test
  func `view settings are saved with every change`() {
    var harness = InterfaceHarness.online(100, 10)
    harness.press("F8")
    #expect(harness.takeCommands() == [.rememberView(ViewSettings(showsSidebar: false))])
    harness.press("Alt+=")
    #expect(harness.takeCommands() == [.rememberView(ViewSettings(showsSidebar: false, hidesPresence: true))])
    harness.press("F8", "Alt+=")
    #expect(harness.takeCommands().last == .rememberView(ViewSettings()))
  }

  @Test
  func `view settings apply in the next run`() {
    let settings = Interface.Settings(
      name: .init(testing: "neha"), endpoint: Endpoint(testing: "x:1"),
      view: ViewSettings(showsSidebar: false, hidesPresence: true),
      localOffset: { _ in 0 })
    let interface = Interface(settings: settings, size: Screen.Size(rows: 24, columns: 80), now: .noon)
    #expect(interface.layout.sidebar == nil)
    #expect(interface.walk(in: interface.layout.pane).layout.filter.hidesPresence)
  }
}
