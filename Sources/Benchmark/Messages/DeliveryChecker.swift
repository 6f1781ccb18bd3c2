import Platform

/// Checks every byte of every message, and the next expected message of each sender.
struct DeliveryChecker {
  private let senders: Range<Int>
  /// The next expected line of each sender.
  private var lines: [[UInt8]]
  private var due: [UInt32]

  /// - Parameter senders: the members whose messages are accepted.
  init(of message: BenchMessage, senders: Range<Int>) {
    self.senders = senders
    lines = senders.map(message.delivered)
    due = Array(repeating: 0, count: senders.count)
  }

  mutating func accepts(_ line: UnsafeRawBufferPointer, of message: BenchMessage) -> Bool {
    guard let start = line.baseAddress else { return false }
    let sender = Int(BenchMessage.number(at: start + message.senderOffset))
    guard senders.contains(sender) else { return false }
    let place = sender - senders.lowerBound
    let number = due[place]
    guard BenchMessage.number(at: start + message.numberOffset) == number else { return false }
    due[place] &+= 1
    return lines[place].withUnsafeMutableBytes { expected in
      expected.storeBytes(
        of: BenchMessage.digits(of: Int(number)), toByteOffset: message.numberOffset, as: UInt64.self)
      guard let bytes = expected.baseAddress, expected.count == line.count else { return false }
      return memcmp(bytes, start, line.count) == 0
    }
  }
}
