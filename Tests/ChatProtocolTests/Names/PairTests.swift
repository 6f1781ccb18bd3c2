import ChatProtocol
import Testing

@Suite struct PairTests {
  @Test(arguments: [("neha", "akash"), ("é", "E\u{301}x"), ("a", "A"), ("Z", "a"), ("x", "x")])
  func inNoOrder(_ one: String, _ other: String) throws {
    let (first, second) = (try #require(Nickname(one)), try #require(Nickname(other)))
    let pair = Conversation.Pair(first, second)
    let reversed = Conversation.Pair(second, first)
    #expect(pair == reversed)
    #expect(pair.hashValue == reversed.hashValue)
    #expect(pair.first <= pair.second)
  }

  @Test func whateverTheCase() {
    let pair = Conversation.Pair(Nickname(trusted: "neha"), Nickname(trusted: "akash"))
    #expect(pair == Conversation.Pair(Nickname(trusted: "AKASH"), Nickname(trusted: "Neha")))
    #expect(pair != Conversation.Pair(Nickname(trusted: "neha"), Nickname(trusted: "neha")))
    #expect(Conversation.pair(pair) != .room(.lobby))
  }
}
