import Testing

@testable import Benchmark

/// The messages that the crowds of `bench` exchange.
@Suite struct BenchMessageTests {
  private static let message = BenchMessage(textBytes: 64, to: .partner)

  /// Whether a checker of the messages of client 7 accepts each line.
  private func accepts(_ lines: [[UInt8]]) -> [Bool] {
    var checker = DeliveryChecker(of: Self.message, senders: 7..<8)
    return lines.map { line in line.withUnsafeBytes { checker.accepts($0, of: Self.message) } }
  }

  /// A line of client 7.
  private func sent(_ digits: String) -> [UInt8] {
    var line = Self.message.delivered(from: 7)
    line.replaceSubrange(Self.message.numberOffset..<(Self.message.numberOffset + 8), with: digits.utf8)
    return line
  }

  @Test func `messages are accepted in their order`() {
    let lines = [sent("00000000"), sent("00000001"), sent("00000002")]
    #expect(accepts(lines) == [true, true, true])
    #expect(accepts([lines[0], lines[0]]) == [true, false])
    #expect(accepts([lines[1]]) == [false])
    #expect(accepts([Self.message.delivered(from: 6)]) == [false])
  }

  @Test func `a message with any byte altered is not accepted`() {
    let line = sent("00000000")
    for index in line.indices {
      var altered = line
      altered[index] ^= 1
      #expect(accepts([altered]) == [false], "byte \(index)")
    }
  }

  @Test(arguments: [0, 9, 10, 0x1234_5678, 0x90ab_cdef, 0xffff_ffff, 0x1_0000_0003])
  func `numbers have eight hexadecimal digits`(number: Int) {
    let bytes = withUnsafeBytes(of: BenchMessage.digits(of: number)) { Array($0) }
    let expected = String(UInt32(truncatingIfNeeded: number), radix: 16)
    #expect(String(decoding: bytes, as: UTF8.self) == String(repeating: "0", count: 8 - expected.count) + expected)
  }
}
