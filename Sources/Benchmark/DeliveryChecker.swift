/// Checks every byte of every message, and the next expected message of each sender.
struct DeliveryChecker {
  private var lines: [[UInt8]]
  private var due: [UInt32]

  init(of message: BenchMessage, senders: Int) {
    lines = (0..<senders).map(message.delivered)
    due = Array(repeating: 0, count: senders)
  }

  mutating func accepts(_ line: UnsafeRawBufferPointer, of message: BenchMessage) -> Bool {
    guard let start = line.baseAddress else { return false }
    let sender = Int(BenchMessage.number(at: start + message.senderOffset))
    guard sender < lines.count, BenchMessage.number(at: start + message.numberOffset) == due[sender] else {
      return false
    }
    lines[sender].replaceSubrange(
      message.numberOffset..<(message.numberOffset + 8), with: BenchMessage.hexadecimal(due[sender]))
    due[sender] &+= 1
    return lines[sender].withUnsafeBytes { $0.elementsEqual(line) }
  }
}
