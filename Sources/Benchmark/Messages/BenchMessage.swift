/// The lines that the crowd writes and reads: all of one length, so that they are found and compared as bytes. The text
/// is the sender's index and the message's number, eight hexadecimal digits each, followed by letters up to the
/// requested length.
struct BenchMessage {
  enum Recipient {
    /// Everyone in the room, the sender too.
    case room
    /// The sender's partner: the members are in pairs.
    case partner
  }

  /// The length of the index and the number.
  static let smallestText = 16
  private static let nameBytes = 6

  let recipient: Recipient
  /// Length of a delivered line, including its LF.
  let deliveredBytes: Int
  /// Offset of the sender's index in a delivered line.
  let senderOffset: Int
  /// Offset of the number in a written line.
  let writtenNumberOffset: Int
  private let verb: String
  private let textBytes: Int
  private let keys: [UInt64]

  init(textBytes: Int, to recipient: Recipient = .room) {
    self.textBytes = textBytes
    self.recipient = recipient
    verb = recipient == .room ? "MSG" : "DM"
    senderOffset = verb.utf8.count + 1 + Self.nameBytes + 1
    writtenNumberOffset = (recipient == .room ? verb.utf8.count + 1 : senderOffset) + 8
    deliveredBytes = senderOffset + textBytes + 1
    // Odd, so that multiplication loses no bit. The multiplier is SplitMix64's increment.
    keys = (1...(deliveredBytes / 8 + 1)).map { (UInt64($0) &* 0x9e37_79b9_7f4a_7c15) | 1 }
  }

  var numberOffset: Int { senderOffset + 8 }
  /// The first byte of a delivered line.
  var firstByte: UInt8 { recipient == .room ? UInt8(ascii: "M") : UInt8(ascii: "D") }

  /// The other member of a pair.
  static func partner(of index: Int) -> Int { index ^ 1 }

  /// The nickname of a member; all have the same length.
  static func name(of index: Int) -> String {
    let digits = String(index)
    return "b" + String(repeating: "0", count: max(nameBytes - 1 - digits.count, 0)) + digits
  }

  /// The line that the sender writes, including its LF; the number is 0.
  func written(by index: Int) -> [UInt8] {
    let reader = recipient == .room ? "" : Self.name(of: Self.partner(of: index)) + " "
    return Array("\(verb) \(reader)".utf8) + text(by: index)
  }

  /// The line that every member reads, including its LF; the number is 0.
  func delivered(from index: Int) -> [UInt8] {
    Array("\(verb) \(Self.name(of: index)) ".utf8) + text(by: index)
  }

  private func text(by index: Int) -> [UInt8] {
    let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    var text: [UInt8] = []
    for number in [index, 0] { withUnsafeBytes(of: Self.digits(of: number)) { text += $0 } }
    for place in text.count..<textBytes { text.append(letters[place % letters.count]) }
    return text + [UInt8(ascii: "\n")]
  }

  /// The eight hexadecimal digits of an index or number, which is cut to 32 bits, as an integer in memory order.
  static func digits(of number: Int) -> UInt64 {
    // Spreads the eight digits over the bytes, the reverse of `number(at:)`.
    var word = UInt64(UInt32(truncatingIfNeeded: number))
    word = (word | (word << 16)) & 0x0000_ffff_0000_ffff
    word = (word | (word << 8)) & 0x00ff_00ff_00ff_00ff
    word = (word | (word << 4)) & 0x0f0f_0f0f_0f0f_0f0f
    // 1 in each byte whose digit is a letter; from "0" + 10 to "a" are 39.
    let letters = ((word &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
    return (word &+ 0x3030_3030_3030_3030 &+ letters &* 39).bigEndian
  }

  /// Reads the eight digits at an address; the result is undefined if there are none.
  static func number(at digits: UnsafeRawPointer) -> UInt32 {
    // Converts all eight digits at once: values of bytes, then pairs, then pairs of pairs.
    var word = UInt64(bigEndian: digits.loadUnaligned(as: UInt64.self))
    word = (word & 0x0f0f_0f0f_0f0f_0f0f) &+ 9 &* ((word >> 6) & 0x0101_0101_0101_0101)
    word = (word | (word >> 4)) & 0x00ff_00ff_00ff_00ff
    word = (word | (word >> 8)) & 0x0000_ffff_0000_ffff
    return UInt32(truncatingIfNeeded: word | (word >> 16))
  }

  /// A 64-bit hash of a delivered line. Lines that differ in a byte have different hashes, except with a probability of
  /// about 2^-60.
  func digest(of line: UnsafeRawPointer) -> UInt64 {
    var digest: UInt64 = 0
    let words = deliveredBytes / 8
    for index in 0..<words {
      digest &+= line.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) &* keys[index]
    }
    // The last word overlaps the previous one.
    return digest &+ line.loadUnaligned(fromByteOffset: deliveredBytes - 8, as: UInt64.self) &* keys[words]
  }
}
