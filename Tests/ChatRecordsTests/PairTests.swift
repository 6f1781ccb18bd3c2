import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@Suite struct PairTests {
  @Test(arguments: [(1, 2), (2, 1), (0, .max), (7, 7), (-1, 1), (.min, 0)] as [(Int64, Int64)])
  func `the order of the members does not matter`(_ one: Int64, _ other: Int64) {
    let (one, other) = (MemberID(one), MemberID(other))
    let pair = Conversation.Pair(one, other)
    let reversed = Conversation.Pair(other, one)
    #expect(pair == reversed)
    #expect(pair.hashValue == reversed.hashValue)
    #expect(pair.first <= pair.second)
    #expect(pair.other(than: one) == other && pair.other(than: other) == one)
    #expect(pair.contains(one) && pair.contains(other))
    #expect(!pair.contains(MemberID(12345)))
    #expect(Conversation.pair(pair) != .lobby)
  }

  /// Every database can store member ids, and they are never negative.
  @Test func `members have 63 bits`() {
    var random = SeededGenerator()
    for _ in 0..<1000 {
      let number = Int64(truncatingIfNeeded: random.next())
      #expect(MemberID(number).number >= 0)
      #expect(MemberID(number).number == number & .max)
      #expect(Int64(MemberID(number).description, radix: 16) == number & .max)
    }
  }
}
