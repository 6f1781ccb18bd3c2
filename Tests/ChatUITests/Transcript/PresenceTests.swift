import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Arrivals and departures.
@Suite
struct PresenceTests {
  private let stage = Stage.online(160, 24)

  /// The lines below the greeting, without their times.
  private func lines(_ stage: Stage) -> [String] {
    stage.pane.dropFirst(2).map { String($0.dropFirst(6)).trimmingSpaces }
  }

  @Test
  func `are merged in one line`() {
    var stage = stage
    stage.join("zoe")
    #expect(lines(stage) == ["--> │ zoe joined"])
    stage.join("kim", "lee")
    #expect(lines(stage) == ["--> │ zoe, kim, lee joined"])
    stage.leave("noor")
    stage.leave("akash")
    #expect(lines(stage) == ["<-> │ zoe, kim, lee joined · noor, akash left"])
  }

  @Test
  func `have the reason of a single departure`() {
    var stage = stage
    stage.leave("zoe", "the connection broke")
    #expect(lines(stage) == ["<-- │ zoe left (the connection broke)"])
    stage.leave("kim", "said goodbye")
    #expect(lines(stage) == ["<-- │ zoe, kim left"])
    stage.say("lee", "hi")
    stage.leave("lee", "")
    #expect(lines(stage).last == "<-- │ lee left")
  }

  @Test
  func `cancel each other`() {
    var stage = stage
    for _ in 0..<3 {
      stage.leave("zoe")
      stage.join("zoe")
    }
    stage.join("kim")
    stage.leave("kim")
    #expect(lines(stage) == ["<-> │ zoe rejoined · kim came and went"])
  }

  @Test
  func `start a new line after a message, a while, or a crowd`() {
    var stage = stage
    stage.join("zoe")
    stage.say("zoe", "hi")
    stage.join("kim")
    stage.wait(300)
    stage.join("lee")
    #expect(lines(stage) == ["--> │ zoe joined", "zoe │ hi", "--> │ kim joined", "--> │ lee joined"])
    for number in 0..<29 { stage.join("p\(number)") }
    #expect(lines(stage).count == 6)
  }

  @Test
  func `are hidden with a key, and shown again`() {
    var stage = Stage.online(80, 24)
    stage.say("zoe", "hi")
    stage.join("kim")
    stage.hear(.away(Nickname(testing: "kim"), text: "lunch"), .back(Nickname(testing: "kim")))
    stage.leave("kim")
    let shown = stage.pane
    stage.press("Alt+=")
    #expect(stage.pane == shown.dropLast(4))
    #expect(stage.statusRow == " comings and goings are hidden")
    stage.press("Alt+=")
    #expect(stage.pane == shown)
  }

  @Test
  func `are also shown in the direct conversation with the user`() {
    var stage = Stage.online(80, 24)
    stage.enter("/dm zoe")
    stage.join("zoe", "kim")
    #expect(stage.pane.suffix(1) == ["12:01        --> │ zoe joined"])
  }

  @Test(arguments: [false, true])
  func `in a flood are cut and counted`(isMixed: Bool) {
    var stage = stage
    for number in 0..<10_000 {
      let name = Nickname(testing: "p\(number % 500)")
      stage.hear(number % 2 == 0 ? .away(name, text: "lunch") : .back(name))
      if isMixed { stage.hear(.joined(name, .lobby), .left(name, .lobby, reason: "")) }
    }
    // Arrivals and departures between two lines are merged into the first of them.
    #expect(lines(stage).count <= 100 + 2)
    let before = stage.interface.tabs.lobby.transcript.entries.count
    #expect(before <= 210)
    stage.wait(2)
    #expect(lines(stage).last?.hasSuffix("lines about who came, went or was away not shown") == true)
    #expect(stage.interface.tabs.lobby.transcript.entries.count == before + 1)
    stage.hear(.away(Nickname(testing: "zoe"), text: "tea"))
    #expect(lines(stage).last == "-- │ zoe is away: tea")
  }
}
