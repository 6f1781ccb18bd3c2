import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct SlowModeTests {
  private func people(_ room: String = "#a") -> (Stage, boss: SessionID, neha: SessionID, akash: SessionID) {
    let stage = Stage()
    let boss = stage.joinOperator()
    let ((neha, _), (akash, _)) = (stage.arrive("neha"), stage.arrive("akash"))
    for id in [boss, neha, akash] { stage.say(id, "JOIN \(room)") }
    stage.forget()
    return (stage, boss, neha, akash)
  }

  private func answer(_ lines: [String]) -> String { lines.untagged.last ?? "" }

  @Test func `users wait between two messages, and operators do not`() {
    let (stage, boss, neha, akash) = people()
    #expect(stage.say(boss, "SLOW #A 10") == ["OK SLOW"])
    #expect(answer(stage.say(neha, "SAY #a one")) == "OK SAY")
    let words = "ERR slow-mode SAY #a is in slow mode: you may write again in"
    #expect(answer(stage.say(neha, "SAY #a two")) == "\(words) 10 seconds.")
    stage.wait(.milliseconds(9001))
    #expect(answer(stage.say(neha, "SAY #a two")) == "\(words) 1 second.")
    #expect(answer(stage.say(neha, "TOPIC #a x")).hasPrefix("ERR slow-mode TOPIC "))
    #expect(answer(stage.say(akash, "SAY #a mine")) == "OK SAY")
    #expect(answer(stage.say(neha, "MSG elsewhere")) == "OK MSG")
    stage.wait(.milliseconds(999))
    #expect(answer(stage.say(neha, "SAY #a three")) == "OK SAY")
    for _ in 0..<5 { #expect(answer(stage.say(boss, "SAY #a x")) == "OK SAY") }
    stage.say(boss, "SLOW #a 0")
    #expect(answer(stage.say(neha, "SAY #a four")) == "OK SAY")
    #expect(stage.log.acts.map(\.text) == ["10 seconds", "off"])
  }

  @Test func `a message that is sent again under its cid is confirmed again`() {
    let (stage, boss, neha, _) = people()
    stage.say(boss, "SLOW #a 10")
    stage.say(neha, "@cid=k SAY #a one")
    #expect(stage.say(neha, "@cid=k SAY #a one").first?.contains("dup") == true)
    #expect(answer(stage.say(neha, "@cid=l SAY #a one")).hasPrefix("ERR slow-mode "))
  }

  @Test func `the lobby can have slow mode, also for sessions without tags`() {
    let (stage, boss, _, _) = people()
    stage.say(boss, "SLOW #lobby 5")
    let plain = stage.join("plain")
    #expect(stage.say(plain, "MSG a", "MSG b") == ["MSG plain a", "ERR slow-mode"])
  }

  @Test func `the owner of the room stays the same`() {
    let (stage, boss, neha, _) = people()
    let member = stage.hub.sessions[neha]?.presence?.member
    guard let room = RoomName("#a"), let member else { return }
    stage.hub.registry.apply(.room(RoomRules(room: room, owner: member, guests: [member])))
    stage.say(boss, "SLOW #a 10")
    #expect(stage.hub.registry.rules(of: room) == RoomRules(room: room, owner: member, guests: [member], slowness: 10))
    stage.say(boss, "SLOW #a 0")
    #expect(stage.hub.registry.rules(of: room)?.owner == member)
  }

  @Test func `an unknown room cannot have slow mode, and no room is created`() {
    let (stage, boss, _, _) = people()
    #expect(answer(stage.say(boss, "SLOW #nowhere 5")).hasPrefix("ERR not-found SLOW"))
    for _ in 0..<2 { stage.say(boss, "SLOW #a 5", "SLOW #a 0") }
    #expect(stage.hub.registry.ruledRooms == 0)
  }

  @Test func `the number of tracked authors is bounded, and so is their time`() {
    var slow = SlowRooms()
    let start = MonotonicTime(nanoseconds: 0)
    for number in 0..<70_000 { slow.note(.member(MemberID(Int64(number))), in: .lobby, key: nil, at: start) }
    #expect(slow.count == SlowRooms.maximumWords)
    #expect(slow.wait(of: .member(MemberID(0)), in: .lobby, every: 5, key: nil, at: start) == nil)
    #expect(slow.wait(of: .member(MemberID(69_999)), in: .lobby, every: 5, key: nil, at: start) == 5)
    slow.forget(at: start + .seconds(3600))
    #expect(slow.count == 0)
  }
}
