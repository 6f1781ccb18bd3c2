import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct SlowModeTests {
  private func people(_ room: String = "#a") -> (HubHarness, boss: SessionID, neha: SessionID, akash: SessionID) {
    let harness = HubHarness()
    let boss = harness.logInOperator()
    let ((neha, _), (akash, _)) = (harness.logInTagged("neha"), harness.logInTagged("akash"))
    for id in [boss, neha, akash] { harness.send(as: id, "JOIN \(room)") }
    harness.discardOutput()
    return (harness, boss, neha, akash)
  }

  private func answer(_ lines: [String]) -> String { lines.untagged.last ?? "" }

  @Test func `users wait between two messages, and operators do not`() {
    let (harness, boss, neha, akash) = people()
    #expect(harness.send(as: boss, "SLOW #A 10") == ["OK SLOW"])
    #expect(answer(harness.send(as: neha, "SAY #a one")) == "OK SAY")
    let words = "ERR slow-mode SAY #a is in slow mode: you may write again in"
    #expect(answer(harness.send(as: neha, "SAY #a two")) == "\(words) 10 seconds.")
    harness.advanceClock(by: .milliseconds(9001))
    #expect(answer(harness.send(as: neha, "SAY #a two")) == "\(words) 1 second.")
    #expect(answer(harness.send(as: neha, "TOPIC #a x")).hasPrefix("ERR slow-mode TOPIC "))
    #expect(answer(harness.send(as: akash, "SAY #a mine")) == "OK SAY")
    #expect(answer(harness.send(as: neha, "MSG elsewhere")) == "OK MSG")
    harness.advanceClock(by: .milliseconds(999))
    #expect(answer(harness.send(as: neha, "SAY #a three")) == "OK SAY")
    for _ in 0..<5 { #expect(answer(harness.send(as: boss, "SAY #a x")) == "OK SAY") }
    harness.send(as: boss, "SLOW #a 0")
    #expect(answer(harness.send(as: neha, "SAY #a four")) == "OK SAY")
    #expect(harness.log.acts.map(\.text) == ["10 seconds", "off"])
  }

  @Test func `a message that is sent again under its cid is confirmed again`() {
    let (harness, boss, neha, _) = people()
    harness.send(as: boss, "SLOW #a 10")
    harness.send(as: neha, "@cid=k SAY #a one")
    #expect(harness.send(as: neha, "@cid=k SAY #a one").first?.contains("dup") == true)
    #expect(answer(harness.send(as: neha, "@cid=l SAY #a one")).hasPrefix("ERR slow-mode "))
  }

  @Test func `the lobby can have slow mode, also for sessions without tags`() {
    let (harness, boss, _, _) = people()
    harness.send(as: boss, "SLOW #lobby 5")
    let plain = harness.logIn("plain")
    #expect(harness.send(as: plain, "MSG a", "MSG b") == ["MSG plain a", "ERR slow-mode"])
  }

  @Test func `the owner of the room stays the same`() {
    let (harness, boss, neha, _) = people()
    let member = harness.hub.sessions[neha]?.presence?.member
    guard let room = RoomName("#a"), let member else { return }
    harness.hub.registry.apply(.room(RoomRules(room: room, owner: member, guests: [member])))
    harness.send(as: boss, "SLOW #a 10")
    #expect(
      harness.hub.registry.rules(of: room) == RoomRules(room: room, owner: member, guests: [member], slowness: 10))
    harness.send(as: boss, "SLOW #a 0")
    #expect(harness.hub.registry.rules(of: room)?.owner == member)
  }

  @Test func `an unknown room cannot have slow mode, and no room is created`() {
    let (harness, boss, _, _) = people()
    #expect(answer(harness.send(as: boss, "SLOW #nowhere 5")).hasPrefix("ERR not-found SLOW"))
    for _ in 0..<2 { harness.send(as: boss, "SLOW #a 5", "SLOW #a 0") }
    #expect(harness.hub.registry.ruledRooms == 0)
  }

  @Test func `the number of tracked authors is bounded, and so is their time`() {
    var slow = SlowRooms()
    let start = MonotonicTime(nanoseconds: 0)
    for number in 0..<70_000 { slow.note(.member(MemberID(Int64(number))), in: .lobby, key: nil, at: start) }
    #expect(slow.count == SlowRooms.maximumEntries)
    #expect(slow.wait(of: .member(MemberID(0)), in: .lobby, every: 5, key: nil, at: start) == nil)
    #expect(slow.wait(of: .member(MemberID(69_999)), in: .lobby, every: 5, key: nil, at: start) == 5)
    slow.forget(at: start + .seconds(3600))
    #expect(slow.count == 0)
  }
}
