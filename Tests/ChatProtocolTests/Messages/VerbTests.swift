import Testing

@testable import ChatProtocol

@Suite struct VerbTests {
  @Test(arguments: Verb.allCases)
  func `a verb is read from its word in any case, and from no other bytes`(_ verb: Verb) {
    let word = verb.rawValue
    #expect(Verb(reading: word[...]) == verb)
    #expect(Verb(reading: word.lowercased()[...]) == verb)
    for other in ["\0" + word, "\0\0" + word, word + "\0", word + " ", String(word.dropLast()), word + "S"] {
      #expect(Verb(reading: other[...])?.rawValue.count != word.count, "\(other.debugDescription)")
    }
  }
}
