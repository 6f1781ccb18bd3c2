import ChatProtocol
import NIOCore

/// The messages of one sender, with a maximum number in flight.
struct MessageSource {
  private let window: Int
  private let line: [UInt8]
  private let numberOffset: Int
  /// Send times of the messages in flight, at index number modulo `window`.
  private var sent: [MonotonicTime]
  private(set) var sentCount = 0
  private var heard = 0

  init(by index: Int, of message: BenchMessage, window: Int) {
    self.window = window
    line = message.written(by: index)
    numberOffset = message.writtenNumberOffset
    sent = Array(repeating: MonotonicTime(nanoseconds: 0), count: window)
  }

  var underWay: Int { sentCount - heard }

  /// As many messages as may be sent now; nil if none.
  mutating func next(at now: MonotonicTime) -> ByteBuffer? {
    let count = window - underWay
    guard count > 0 else { return nil }
    var lines = ByteBufferAllocator().buffer(capacity: count * line.count)
    for _ in 0..<count {
      let start = lines.writerIndex
      lines.writeBytes(line)
      lines.setInteger(BenchMessage.digits(of: sentCount), at: start + numberOffset, endianness: .host)
      sent[sentCount % window] = now
      sentCount += 1
    }
    return lines
  }

  /// Handles the delivery of one of the messages: to the sender itself, or to its partner.
  /// - Returns: the time since it was sent, in nanoseconds; nil if it is not the next expected one.
  mutating func hear(_ number: UInt32, at now: MonotonicTime) -> Int64? {
    guard heard < sentCount, number == UInt32(truncatingIfNeeded: heard) else { return nil }
    let latency = now.nanoseconds &- sent[heard % window].nanoseconds
    heard += 1
    return latency
  }
}
