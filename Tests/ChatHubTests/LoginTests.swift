import ChatHub
import ChatProtocol
import Testing

@Suite struct LoginTests {
  @Test(arguments: ["neha", "NEHA", "nEhA"])
  func `a name in use is taken, in any letter case, and another may be tried`(name: String) {
    let stage = Stage()
    let neha = stage.join("Neha")
    let second = stage.open()
    #expect(stage.say(second, "LOGIN \(name)") == ["ERR username-taken"])
    #expect(stage.end(second) == nil)
    #expect(stage.say(second, "LOGIN \(name)") == ["ERR username-taken"])
    #expect(stage.say(second, "LOGIN mira") == ["OK"])
    #expect(stage.heard(neha) == [])
  }

  @Test func `names that differ only in the encoding of an accent are one name`() {
    let stage = Stage()
    _ = stage.join("Zo\u{eb}")
    #expect(stage.say(stage.open(), "LOGIN zoe\u{308}") == ["ERR username-taken"])
  }

  @Test func `of two sessions that ask for one name the first gets it`() {
    let stage = Stage()
    let (first, second) = (stage.open(), stage.open())
    #expect(stage.say(second, "LOGIN neha") == ["OK"])
    #expect(stage.say(first, "LOGIN neha") == ["ERR username-taken"])
    stage.leave(second)
    #expect(stage.say(first, "LOGIN neha") == ["OK"])
  }

  @Test(arguments: [LeaveReason.closed, .lost])
  func `a name is free as soon as its owner has left`(reason: LeaveReason) {
    let stage = Stage()
    stage.leave(stage.join("neha"), reason)
    #expect(stage.say(stage.open(), "LOGIN Neha", "WHO") == ["OK", "USER Neha"])
  }

  @Test func `a refused name and an empty connection leave no trace`() {
    let stage = Stage()
    let neha = stage.join("neha")
    let second = stage.open()
    stage.say(second, "LOGIN neha")
    stage.leave(second)
    #expect(stage.say(neha, "WHO") == ["USER neha"])
    #expect(stage.hub.sessionCount == 1)
    #expect(stage.hub.peopleCount == 1)
  }

  @Test func `a second login changes nothing`() {
    let stage = Stage()
    let neha = stage.join("neha")
    stage.say(neha, "LOGIN mira")
    #expect(stage.say(neha, "MSG hi", "WHO") == ["MSG neha hi", "USER neha"])
    #expect(stage.say(stage.open(), "LOGIN mira") == ["OK"])
  }
}
