import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@Suite struct RulesTests {
  @Test func `a sanction holds until its end`() {
    let end = Timestamp(milliseconds: 1000)
    let subject = Subject.name(Nickname(testing: "neha"))
    var sanction = Sanction(kind: .ban, subject: subject, until: end, by: Nickname(testing: "host"), reason: "")
    #expect(sanction.holds(at: Timestamp(milliseconds: .min)))
    #expect(sanction.holds(at: Timestamp(milliseconds: 999)))
    #expect(!sanction.holds(at: end))
    sanction.until = nil
    #expect(sanction.holds(at: Timestamp(milliseconds: .max)))
  }

  @Test func `a private room admits its owner and its guests`() {
    var rules = RoomRules(room: .lobby)
    #expect(rules.isVoid)
    #expect(!rules.isPrivate)
    #expect(rules.admits(MemberID(3)))
    rules.owner = MemberID(1)
    rules.guests = [MemberID(2)]
    #expect(rules.isPrivate)
    #expect(!rules.isVoid)
    #expect(rules.admits(MemberID(1)))
    #expect(rules.admits(MemberID(2)))
    #expect(!rules.admits(MemberID(3)))
    #expect(!RoomRules(room: .lobby, slowness: 1).isVoid)
  }
}
