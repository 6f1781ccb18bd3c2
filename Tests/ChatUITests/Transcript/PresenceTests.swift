import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Arrivals and departures.
@Suite
struct PresenceTests {
  private let harness = InterfaceHarness.online(160, 24)

  /// The lines below the greeting, without their times.
  private func lines(_ harness: InterfaceHarness) -> [String] {
    harness.pane.dropFirst(2).map { String($0.dropFirst(6)).trimmingSpaces }
  }

  @Test
  func `arrivals and departures are merged in one line`() {
    var harness = harness
    harness.receiveJoin("zoe")
    #expect(lines(harness) == ["·   zoe joined"])
    harness.receiveJoin("kim", "lee")
    #expect(lines(harness) == ["·   zoe, kim, lee joined"])
    harness.receiveLeave("noor")
    harness.receiveLeave("akash")
    #expect(lines(harness) == ["·   zoe, kim, lee joined · noor, akash left"])
  }

  @Test
  func `arrivals and departures have the reason of a single departure`() {
    var harness = harness
    harness.receiveLeave("zoe", "the connection broke")
    #expect(lines(harness) == ["·   zoe left (the connection broke)"])
    harness.receiveLeave("kim", "said goodbye")
    #expect(lines(harness) == ["·   zoe, kim left"])
    harness.receiveMessage(from: "lee", "hi")
    harness.receiveLeave("lee", "")
    #expect(lines(harness).last == "·   lee left")
  }

  @Test
  func `arrivals and departures cancel each other`() {
    var harness = harness
    for _ in 0..<3 {
      harness.receiveLeave("zoe")
      harness.receiveJoin("zoe")
    }
    harness.receiveJoin("kim")
    harness.receiveLeave("kim")
    #expect(lines(harness) == ["·   zoe rejoined · kim came and went"])
  }

  @Test
  func `arrivals and departures start a new line after a message, a while, or a crowd`() {
    var harness = harness
    harness.receiveJoin("zoe")
    harness.receiveMessage(from: "zoe", "hi")
    harness.receiveJoin("kim")
    harness.advanceClock(by: 300)
    harness.receiveJoin("lee")
    #expect(lines(harness) == ["·   zoe joined", "zoe   hi", "·   kim joined", "·   lee joined"])
    for number in 0..<29 { harness.receiveJoin("p\(number)") }
    #expect(lines(harness).count == 6)
  }

  @Test
  func `arrivals and departures are hidden with a key, and shown again`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.receiveMessage(from: "zoe", "hi")
    harness.receiveJoin("kim")
    harness.receive(.away(Nickname(testing: "kim"), text: "lunch"), .back(Nickname(testing: "kim")))
    harness.receiveLeave("kim")
    let shown = harness.pane
    harness.press("Alt+=")
    #expect(harness.pane == shown.dropLast(4))
    #expect(harness.statusRow == " comings and goings are hidden")
    harness.press("Alt+=")
    #expect(harness.pane == shown)
  }

  @Test
  func `arrivals and departures are also shown in the direct conversation with the user`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/dm zoe")
    harness.receiveJoin("zoe", "kim")
    #expect(harness.pane.suffix(1) == [" 12:01  ·       zoe joined"])
  }

  @Test(arguments: [false, true])
  func `arrivals and departures in a flood are cut and counted`(isMixed: Bool) {
    var harness = harness
    for number in 0..<10_000 {
      let name = Nickname(testing: "p\(number % 500)")
      harness.receive(number % 2 == 0 ? .away(name, text: "lunch") : .back(name))
      if isMixed { harness.receive(.joined(name, .lobby), .left(name, .lobby, reason: "")) }
    }
    // Arrivals and departures between two lines are merged into the first of them.
    #expect(lines(harness).count <= 100 + 2)
    let before = harness.interface.tabs.lobby.transcript.entries.count
    #expect(before <= 210)
    harness.advanceClock(by: 2)
    #expect(lines(harness).last?.hasSuffix("lines about who came, went or was away not shown") == true)
    #expect(harness.interface.tabs.lobby.transcript.entries.count == before + 1)
    harness.receive(.away(Nickname(testing: "zoe"), text: "tea"))
    #expect(lines(harness).last == "·   zoe is away: tea")
  }
}
