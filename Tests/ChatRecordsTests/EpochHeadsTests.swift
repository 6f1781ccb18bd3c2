import ChatProtocol
import ChatRecords
import Testing

@Suite struct EpochHeadsTests {
  @Test func `an epoch ends where the next epoch with messages begins`() {
    var heads = EpochHeads()
    for (epoch, head) in [(1, 0), (1, 3), (2, 5), (5, 9), (4, 20)] { heads.note(epoch: epoch, head: head) }
    #expect((0...6).map { heads.head(atEndOf: $0, now: 12) } == [0, 5, 9, 9, 9, 12, 12])
  }

  @Test func `without messages no epoch has a head`() {
    #expect(EpochHeads().head(atEndOf: 7, now: 0) == 0)
    #expect(EpochHeads(firstKnown: 3).head(atEndOf: 2, now: 8) == nil)
    #expect(EpochHeads(firstKnown: 3).head(atEndOf: 3, now: 8) == 8)
  }

  @Test func `the head of a forgotten epoch is unknown`() {
    var heads = EpochHeads()
    let count = EpochHeads.capacity + 3
    for epoch in 1...count { heads.note(epoch: epoch, head: epoch * 10) }
    #expect(heads.beginnings.count == EpochHeads.capacity)
    for epoch in 0..<4 { #expect(heads.head(atEndOf: epoch, now: 999) == nil) }
    for epoch in 4..<count { #expect(heads.head(atEndOf: epoch, now: 999) == (epoch + 1) * 10) }
    #expect(EpochHeads(heads.beginnings) == heads)
  }

  @Test func `a recent epoch is found by its name`() throws {
    var list = EpochList(try #require(Epoch("e0")))
    for number in 1...EpochList.capacity { list = list.followed(by: try #require(Epoch("e\(number)"))) }
    #expect(list.number == EpochList.capacity + 1)
    #expect(list.number(of: list.current) == list.number)
    #expect(list.number(of: try #require(Epoch("e1"))) == 2)
    #expect(list.number(of: try #require(Epoch("e0"))) == nil)
    #expect(list.number(of: try #require(Epoch("other"))) == nil)
  }
}
