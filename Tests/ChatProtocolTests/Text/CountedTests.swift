import Testing

@testable import ChatProtocol

/// Counts in sentences.
@Suite struct CountedTests {
  @Test(
    arguments: [
      (0, "0 messages"), (1, "1 message"), (2, "2 messages"), (1000, "1,000 messages"), (-1, "-1 messages"),
    ])
  func `the singular is used only for 1`(count: Int, text: String) { #expect(count.counted("message") == text) }

  @Test func `an irregular plural`() {
    #expect(1.counted("person", plural: "people") == "1 person")
    #expect(12.counted("person", plural: "people") == "12 people")
    #expect(Int.min.grouped == "-9,223,372,036,854,775,808")
  }

  @Test(
    arguments: [
      (604_800, "1 week"), (1_209_600, "2 weeks"), (90_000, "25 hours"), (60, "1 minute"), (90, "90 seconds"),
      (1, "1 second"),
      (0, "0 seconds"), (86_400, "1 day"),
    ])
  func `spans are written in the largest unit that fits`(seconds: Int, text: String) {
    #expect(Duration.seconds(seconds).inWords == text)
  }

  @Test func `a missing item is named`() {
    let verbs: [Verb] = [.redact, .slow, .invite, .uninvite, .unban, .unmute, .unmakeOperator]
    let texts = Set(verbs.map { RequestError(.notFound, $0).explanation })
    #expect(texts.count == verbs.count)
    #expect(texts.allSatisfy { !$0.contains("thing") })
    #expect(RequestError(.notFound, .redact, text: "x").explanation == "x")
  }

  @Test func `a refusal at a limit says how to make room`() {
    #expect(ErrorCode.tooManyGuests.explanation.hasSuffix("; withdraw an invitation first."))
    #expect(ErrorCode.tooManySanctions.explanation.hasSuffix("; lift some of them first."))
  }
}
