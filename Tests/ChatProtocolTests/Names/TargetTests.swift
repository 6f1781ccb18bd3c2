import ChatProtocol
import Testing

@Suite struct TargetTests {
  @Test(arguments: ["#lobby", "#a", "@neha", "@#x", "@@", "#@x", "@\u{e9}"])
  func readAsItIsWritten(_ text: String) throws {
    #expect(try #require(Target(text)).text == text)
  }

  @Test(arguments: [
    "", "#", "@", "neha", "lobby", "*", "# x", "@a b", "@a\u{200b}", "@\u{301}\u{1b}",
    "#" + String(repeating: "x", count: 64), "@" + String(repeating: "x", count: 33),
  ])
  func others(_ text: String) {
    #expect(Target(text) == nil)
  }

  @Test func comparedAsNamesAre() {
    #expect(Target("#Lobby") == .lobby)
    #expect(Target("@NEHA") == Target("@neha"))
    #expect(Target("@neha") != Target("#neha"))
  }

  @Test(arguments: [
    ("a", true), ("A-z.0", true), (String(repeating: "e", count: 64), true), ("", false), ("a b", false),
    (String(repeating: "e", count: 65), false), ("é", false), ("a\n", false), ("a_b", false),
  ])
  func epochs(_ text: String, _ isOne: Bool) {
    #expect((Epoch(text) != nil) == isOne)
  }

  @Test(arguments: [
    ("1", true), ("!~", true), (String(repeating: "k", count: 64), true), ("", false), ("a b", false),
    ("\u{7f}", false),
    (String(repeating: "k", count: 65), false), ("ü", false),
  ])
  func keys(_ text: String, _ isOne: Bool) {
    #expect((SendKey(text) != nil) == isOne)
  }
}
