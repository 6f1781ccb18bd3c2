import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
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
  func `Esc as the beginning of an Alt key leaves the view as that key needs it`() {
    var harness = InterfaceHarness.online(80, 14)
    for number in 1...60 {
      harness.receiveMessage(from: "zoe", number % 10 == 0 ? "neha \(number)" : "\(number)")
    }
    harness.press("Alt+P")
    for number in [50, 40] {
      harness.press("Esc")
      harness.type("p")
      #expect(harness.numbersInPane.last == number)
    }
    harness.press("Esc")
    harness.type("n")
    #expect(harness.numbersInPane.last == 50)
    // After the pause, Esc was meant by itself, and the letter is typed.
    harness.press("Esc")
    harness.advanceClock(by: 1)
    harness.type("p")
    #expect(harness.input == "p")
    #expect(harness.numbersInPane.last == 60)
  }

  @Test
  func `Esc as the beginning of an Alt key keeps the search results`() {
    var harness = InterfaceHarness.online(80, 14)
    harness.receive(.roomJoined(RoomName(testing: "#garden")))
    harness.receiveHead("#garden", head: 100, mark: 100)
    harness.receive(.older(.garden, .found(1...100, in: "#garden").reversed(), hasMore: false))
    harness.enter("/search full")
    harness.receive(.found(1, .found(81...100, in: "#garden"), hasMore: false))
    harness.press("Enter", "Esc")
    harness.type("s")
    #expect(harness.interface.overlays.top is SearchResultList)
    harness.press("Esc", "Esc")
    harness.advanceClock(by: 1)
    harness.press("Alt+S")
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `Esc marks messages below as read only once it was meant by itself`() {
    var harness = InterfaceHarness.online(80, 8)
    harness.receiveHead(head: 100, mark: 100)
    harness.receivePage(1...100)
    harness.press("PgUp")
    harness.receiveMessage(from: "zoe", "101", sequence: 101)
    _ = harness.takeCommands()
    harness.press("Esc")
    harness.type("p")
    #expect(harness.takeCommands() == [])
    #expect(harness.interface.isCountingDown == false)
    harness.press("Esc")
    #expect(harness.takeCommands() == [])
    #expect(harness.interface.isCountingDown)
    harness.advanceClock(by: 1)
    #expect(harness.takeCommands() == [.client(.markRead(.lobby, 101))])
    #expect(harness.interface.isCountingDown == false)
    // A message that arrives between the two keys shows nothing to the user.
    harness.press("PgUp")
    harness.receiveMessage(from: "zoe", "102", sequence: 102)
    harness.press("Esc")
    harness.receiveMessage(from: "zoe", "103", sequence: 103)
    harness.type("p")
    #expect(harness.takeCommands() == [])
    #expect(harness.interface.tabs.current.unread == 2)
    // The user leaves the window directly after Esc.
    harness.press("Esc")
    harness.focus(false)
    #expect(harness.takeCommands() == [.client(.markRead(.lobby, 103))])
  }

  @Test
  func `Esc that closes the list of completions does not start an Alt key`() {
    for key in ["a", "e", "1"] {
      var harness = InterfaceHarness.online(80, 24, with: ["zoe", "zack"])
      harness.enter("/dm zoe")
      harness.type("z")
      harness.press("Tab")
      #expect(harness.interface.completion != nil)
      harness.press("Esc")
      let input = harness.input
      harness.type(key)
      #expect(harness.input == input + key)
      #expect(harness.interface.tabs.currentIndex == 1)
    }
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
