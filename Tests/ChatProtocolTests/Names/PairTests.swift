import ChatProtocol
import Testing

@Suite struct PairTests {
  @Test(arguments: [(1, 2), (0, .max), (7, 7), (2, 1)] as [(Int64, Int64)])
  func inNoOrder(_ one: Int64, _ other: Int64) {
    let pair = Conversation.Pair(MemberID(one), MemberID(other))
    let reversed = Conversation.Pair(MemberID(other), MemberID(one))
    #expect(pair == reversed)
    #expect(pair.hashValue == reversed.hashValue)
    #expect(pair.first <= pair.second)
    #expect(pair.other(than: MemberID(one)) == MemberID(other))
    #expect(pair.contains(MemberID(one)) && pair.contains(MemberID(other)))
    #expect(!pair.contains(MemberID(3)))
    #expect(Conversation.pair(pair) != .lobby)
  }

  /// Databases count with a sign.
  @Test func aMembersNumberIsNeverNegative() {
    for number in [Int64.min, -1, 0, 1, .max] { #expect(MemberID(number).number >= 0) }
  }
}
