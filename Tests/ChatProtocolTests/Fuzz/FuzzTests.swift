import Foundation
import ProtocolProperties
import TestSupport
import Testing

/// Runs both parsers and the text functions on mutated lines.
///
/// `SWIFTCHAT_FUZZ=5000000 swift test -c release --filter FuzzTests` sets the number of inputs; Tests/Fuzzing uses
/// libFuzzer.
@Suite struct FuzzTests {
  @Test(.computing) func `the properties hold for any input`() throws {
    let count = ProcessInfo.processInfo.environment["SWIFTCHAT_FUZZ"].flatMap { Int($0) } ?? 3000
    var seeds = SeededGenerator()
    for _ in 0..<count {
      var random = SeededGenerator(seed: seeds.next())
      let input = random.fuzzInput()
      guard let violation = ProtocolProperties.violation(of: input) else { continue }
      Issue.record("\(violation)\n\(String(decoding: input, as: UTF8.self).debugDescription)\n\(seeds)")
      return
    }
  }

  @Test(arguments: Corpus.lines) func `lines of every kind`(line: String) {
    for beginning in Corpus.beginnings {
      #expect(ProtocolProperties.violation(of: beginning + Array(line.utf8)) == nil)
      #expect(ProtocolProperties.violation(of: beginning + Array((line + "\n").utf8)) == nil)
    }
  }

  /// The properties detect a fault.
  @Test(.computing) func `a decoder that stores more than a line is detected`() {
    let long = [UInt8](repeating: 0x78, count: 100_000)
    for beginning in Corpus.beginnings { #expect(ProtocolProperties.violation(of: beginning + long) == nil) }
  }
}
