import ChatModel
import ChatProtocol
import Testing

@testable import ChatUI

@Suite("Why a name was refused")
struct NameRefusalTests {
  @Test(
    "fits into a line of 80 columns, with the advice first",
    arguments: [NameRefusal.taken, .invalid, .reserved, .confusable])
  func line(refusal: NameRefusal) {
    let sentence = refusal.sentence(about: Nickname(testing: String(repeating: "w", count: Nickname.maximumBytes)))
    #expect(sentence.count < 80)
    #expect(sentence.hasPrefix("Choose another"))
  }
}
