import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The explanation of a refused name.
@Suite
struct NameRefusalTests {
  @Test(arguments: [NameRefusal.taken, .invalid, .shapeless, .reserved, .confusable])
  func `the refusal of a name fits in a line of 80 columns, with the advice first`(refusal: NameRefusal) {
    let sentence = refusal.sentence(about: Nickname(testing: String(repeating: "w", count: Nickname.maximumBytes)))
    #expect(sentence.count < 80)
    #expect(sentence.hasPrefix("Choose another"))
  }
}
