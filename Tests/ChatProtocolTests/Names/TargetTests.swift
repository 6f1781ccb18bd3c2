import ChatProtocol
import TestSupport
import Testing

@Suite struct TargetTests {
  @Test(arguments: ["#lobby", "#a", "@neha", "@#lobby", "@@", "#@", "@é", "##"])
  func `valid targets are read`(_ text: String) throws {
    let target = try #require(Target(text))
    #expect(target.text.exactly == text.exactly)
    #expect(target.description == text)
    #expect(Target(target.text) == target)
  }

  @Test(arguments: [
    "", "#", "@", "neha", "*", " #lobby", "@a b", "@a\u{7}", "#a\u{200b}", "@\(String(repeating: "x", count: 33))",
    "#\(String(repeating: "x", count: 64))", "＃lobby", "@\u{301}\u{ad}",
  ])
  func `invalid targets are refused`(_ text: String) { #expect(Target(text) == nil) }

  @Test func `targets are compared without case`() {
    #expect(Target("#LOBBY") == .lobby)
    #expect(Target("@NEHA") == Target("@neha"))
    #expect(Target("#neha") != Target("@neha"))
  }

  @Test(arguments: ["@neha", "@John Smith", "@\u{301}a b", "#lobby"])
  func `a target is remembered as it is`(_ text: String) throws {
    let target = try #require(Target(remembered: text))
    #expect(target.text.exactly == text.exactly)
  }

  /// Names with an `@` or a `#` in front are names.
  @Test func `every name has a target`() {
    var random = SeededGenerator()
    for _ in 0..<500 {
      let name = random.name()
      #expect(Target("@\(name.text)") == .person(name), "\(random)")
    }
  }
}
