import ChatProtocol
import Testing

@testable import ChatUI

/// Keys for tabs.
@Suite
struct TabKeyTests {
  private var harness: InterfaceHarness = {
    var harness = InterfaceHarness.online(80, 10)
    for name in ["akash", "zoe", "kim"] { harness.enter("/dm \(name)") }
    harness.press("Alt+1")
    return harness
  }()

  private func index(_ harness: InterfaceHarness) -> Int { harness.interface.tabs.currentIndex + 1 }

  @Test
  func `keys select tabs by number, on a French keyboard too`() {
    var harness = harness
    for (key, tab) in [
      ("Alt+3", 3), ("Alt+9", 3), ("Alt+0", 3), ("Alt+é", 2), ("Alt+'", 4), ("Alt+&", 1), ("Alt+\"", 3),
    ] {
      harness.press(key)
      #expect(index(harness) == tab, "\(key)")
    }
    for number in 5...10 { harness.enter("/dm p\(number)") }
    harness.press("Alt+1", "Alt+0")
    #expect(index(harness) == 10)
  }

  @Test
  func `keys select the next and previous tab, wrapping around`() {
    var harness = harness
    for (key, tab) in [
      ("Ctrl+N", 2), ("Alt+→", 3), ("Ctrl+N", 4), ("Ctrl+N", 1), ("Ctrl+P", 4), ("Alt+←", 3), ("Ctrl+P", 2),
      ("Ctrl+P", 1),
    ] {
      harness.press(key)
      #expect(index(harness) == tab, "\(key)")
    }
  }

  @Test
  func `a key selects the previously used tab`() {
    var harness = harness
    harness.press("Alt+3", "Alt+/")
    #expect(index(harness) == 1)
    harness.press("Alt+/")
    #expect(index(harness) == 3)
    harness.enter("/close")
    #expect(index(harness) == 1)
    harness.press("Alt+/")
    #expect(index(harness) == 1)
  }

  @Test
  func `a key selects tabs with news: mentions, then direct messages, then the rest, then the lobby`() {
    var harness = harness
    harness.press("Alt+4")
    harness.receiveMessage(from: "x", "hi")
    harness.receiveDirectMessage(from: "zoe", "psst")
    harness.receiveDirectMessage(from: "akash", "psst")
    harness.receiveDirectMessage(from: "zoe", "neha!")
    var seen: [Int] = []
    for _ in 0..<5 {
      harness.press("Alt+A")
      seen.append(index(harness))
    }
    #expect(seen == [3, 2, 1, 4, 1])
    harness.press("Alt+3", "Alt+A")
    #expect(index(harness) == 1)
  }

  @Test
  func `Ctrl+C clears, and then shows how to quit`() {
    var harness = harness
    harness.type("x")
    harness.press("Ctrl+C")
    #expect(harness.input.isEmpty)
    #expect(!harness.statusRow.contains("Ctrl+Q quits"))
    harness.press("Ctrl+C")
    #expect(harness.statusRow == " Ctrl+Q quits")
    harness.press("Ctrl+_")
    #expect(harness.input == "x")
    #expect(harness.takeCommands().isEmpty)
  }

  @Test
  func `keys redraw and suspend, whatever overlay is open`() {
    var harness = harness
    harness.press("Ctrl+L", "F1", "Ctrl+L", "Ctrl+Z")
    #expect(harness.takeCommands() == [.redraw, .redraw, .suspend])
    #expect(harness.interface.overlays.top as? HelpPage == HelpPage())
  }
}
