import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

/// Alt, its substitutes on terminals without Alt, and keys that few terminals distinguish.
@Suite
struct AltTests {
  @Test
  func `Esc directly before another key acts as Alt`() {
    var stage = Stage.online(80, 10)
    stage.enter("/dm zoe")
    stage.press("Alt+1")
    stage.press("Esc")
    stage.happen(.time(Timestamp(milliseconds: stage.interface.now.milliseconds + 499)))
    stage.press("2")
    #expect(stage.interface.tabs.currentIndex == 1)
    #expect(stage.input == "")
    stage.press("Esc")
    stage.wait(1)
    stage.type("1")
    #expect(stage.interface.tabs.currentIndex == 1)
    #expect(stage.input == "1")
  }

  @Test
  func `Esc before a key without an Alt binding loses no letter`() {
    var stage = Stage.online(80, 10)
    stage.press("Esc")
    stage.type("hello")
    #expect(stage.input == "hello")
    // An Esc that closed an overlay does not start an Alt key.
    stage.press("F1", "Esc")
    stage.type("1")
    #expect(stage.input == "hello1")
    stage.press("Esc", "Enter")
    stage.type("x")
    #expect(stage.input == "hello1\nx")
    // A slash starts a command.
    stage.press("Esc")
    stage.type("/")
    #expect(stage.input == "hello1\nx/")
    stage.press("Backspace", "Esc", "Backspace")
    #expect(stage.input == "hello1\n")
  }

  @Test
  func `A new line is inserted with Ctrl+J, and with Enter and any modifier that is reported`() {
    for key in [Key.control("j")] + (1...7).map({ Key(.enter, Key.Modifiers(rawValue: $0)) }) {
      var stage = Stage.online(80, 10)
      stage.type("a")
      stage.happen(.key(key))
      stage.type("b")
      #expect(stage.input == "a\nb", "\(key)")
      #expect(stage.takeSends().isEmpty, "\(key)")
    }
  }

  @Test
  func `Backspace deletes a word with Control or Alt, and otherwise a character`() {
    for bits in 0...7 as ClosedRange<UInt8> {
      let modifiers = Key.Modifiers(rawValue: bits)
      guard modifiers != [.shift, .alt], modifiers != [.shift, .alt, .control] else { continue }
      var stage = Stage.online(80, 10)
      stage.type("one two")
      stage.happen(.key(Key(.backspace, modifiers)))
      #expect(stage.input == (modifiers.isDisjoint(with: [.alt, .control]) ? "one tw" : "one "), "\(modifiers)")
    }
  }
}
