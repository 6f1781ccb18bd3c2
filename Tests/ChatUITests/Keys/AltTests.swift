import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

/// Alt, its substitutes on terminals without Alt, and keys that few terminals distinguish.
@Suite
struct AltTests {
  @Test
  func `Esc directly before another key acts as Alt`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.enter("/dm zoe")
    harness.press("Alt+1")
    harness.press("Esc")
    harness.update(.time(Timestamp(milliseconds: harness.interface.now.milliseconds + 499)))
    harness.press("2")
    #expect(harness.interface.tabs.currentIndex == 1)
    #expect(harness.input == "")
    harness.press("Esc")
    harness.advanceClock(by: 1)
    harness.type("1")
    #expect(harness.interface.tabs.currentIndex == 1)
    #expect(harness.input == "1")
  }

  @Test
  func `Esc before a key without an Alt binding loses no letter`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.press("Esc")
    harness.type("hello")
    #expect(harness.input == "hello")
    // An Esc that closed an overlay does not start an Alt key.
    harness.press("F1", "Esc")
    harness.type("1")
    #expect(harness.input == "hello1")
    harness.press("Esc", "Enter")
    harness.type("x")
    #expect(harness.input == "hello1\nx")
    // A slash starts a command.
    harness.press("Esc")
    harness.type("/")
    #expect(harness.input == "hello1\nx/")
    harness.press("Backspace", "Esc", "Backspace")
    #expect(harness.input == "hello1\n")
  }

  @Test
  func `A new line is inserted with Ctrl+J, and with Enter and any modifier that is reported`() {
    for key in [Key.control("j")] + (1...7).map({ Key(.enter, Key.Modifiers(rawValue: $0)) }) {
      var harness = InterfaceHarness.online(80, 10)
      harness.type("a")
      harness.update(.key(key))
      harness.type("b")
      #expect(harness.input == "a\nb", "\(key)")
      #expect(harness.takeSends().isEmpty, "\(key)")
    }
  }

  @Test
  func `Backspace deletes a word with Control or Alt, and otherwise a character`() {
    for bits in 0...7 as ClosedRange<UInt8> {
      let modifiers = Key.Modifiers(rawValue: bits)
      guard modifiers != [.shift, .alt], modifiers != [.shift, .alt, .control] else { continue }
      var harness = InterfaceHarness.online(80, 10)
      harness.type("one two")
      harness.update(.key(Key(.backspace, modifiers)))
      #expect(harness.input == (modifiers.isDisjoint(with: [.alt, .control]) ? "one tw" : "one "), "\(modifiers)")
    }
  }
}
