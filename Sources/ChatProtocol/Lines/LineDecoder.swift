import NIOCore
import Platform

/// Splits a stream of bytes into lines.
///
/// Pass received bytes to `append`, then call `next` until it returns nil. The resulting lines do not depend on how the
/// stream was split. Between two calls of `append` the decoder holds at most one line of the maximum length, and
/// nothing if no line is incomplete.
public struct LineDecoder: Sendable {
  /// Whether a line that begins with `@` begins with tags. Takes effect with the next line.
  public var allowsTags: Bool

  /// Whether lines of the dialect without tags may have been typed in a telnet program: erased characters and telnet
  /// commands are then removed.
  private let allowsTyping: Bool

  private let limits: LineLimits
  private var bytes = ByteBuffer()
  /// Number of readable bytes already searched for a line end, so that a line that arrives byte by byte is not searched
  /// anew each time.
  private var searched = 0
  /// Whether the current line was reported as too long; the rest of it is skipped.
  private var isSkipping = false
  /// Bytes of lines, readable or not, since they were last taken. Line feeds do not count.
  public private(set) var consumedBytes = 0

  public init(limits: LineLimits = LineLimits(), allowsTags: Bool, allowsTyping: Bool = false) {
    self.limits = limits
    self.allowsTags = allowsTags
    self.allowsTyping = allowsTyping
  }

  /// Number of bytes held of an incomplete line.
  public var heldBytes: Int { bytes.readableBytes }

  /// - Returns: the number of consumed bytes, which starts again.
  public mutating func takeConsumedBytes() -> Int {
    defer { consumedBytes = 0 }
    return consumedBytes
  }

  public mutating func append(_ arrived: ByteBuffer) {
    if bytes.readableBytes == 0 {
      bytes = arrived
    } else {
      var arrived = arrived
      bytes.writeBuffer(&arrived)
    }
  }

  /// - Returns: the next line or fault; nil if more bytes must arrive first.
  public mutating func next() -> Result<Line, LineFault>? {
    while true {
      guard let (length, end) = nextLine() else { return reportOverflow() }
      defer { finishLine() }
      if isSkipping {
        isSkipping = false
        consumedBytes += length
        bytes.moveReaderIndex(forwardBy: length + end)
        continue
      }
      guard let line = bytes.readSlice(length: length) else { return nil }
      bytes.moveReaderIndex(forwardBy: end)
      consumedBytes += length
      return decode(line, endsInNull: end == 2)
    }
  }

  /// The number of bytes before the end of the next line, and the length of that end: LF, or CR NUL.
  private mutating func nextLine() -> (length: Int, end: Int)? {
    let count = bytes.readableBytes
    let end = bytes.withUnsafeReadableBytes { $0.firstLineFeed(from: searched) }
    if allowsTyping, !allowsTags, let length = bytes.lengthOfReturnedLine(within: end ?? count, after: searched) {
      return (length, 2)
    }
    if end == nil { searched = count }
    return end.map { ($0, 1) }
  }

  private mutating func finishLine() {
    searched = 0
    // Received bytes share a buffer with the socket's reader: release it while no line is incomplete.
    if bytes.readableBytes == 0 { bytes = ByteBuffer() }
  }

  /// Handles held bytes without a line end: too many of them are a fault, reported at once.
  private mutating func reportOverflow() -> Result<Line, LineFault>? {
    if isSkipping {
      skip()
      return nil
    }
    if bytes.withUnsafeReadableBytes({ isTooLong(Self.withoutReturn($0)) }) {
      isSkipping = true
      skip()
      return .failure(.tooLong)
    }
    // A short remainder must not retain the large receive buffer. A slice's own capacity does not tell the size of that
    // buffer.
    if bytes.readableBytes == 0 {
      drop()
    } else if bytes.storageCapacity > 2 * bytes.readableBytes + 1024 {
      bytes = ByteBuffer(bytes: bytes.readableBytesView)
    }
    return nil
  }

  /// Discards what is held of a line that is too long, except a final CR, which may be the first half of CR NUL.
  private mutating func skip() {
    let keepsReturn = allowsTyping && !allowsTags && bytes.readableBytesView.last == UInt8(ascii: "\r")
    consumedBytes += bytes.readableBytes - (keepsReturn ? 1 : 0)
    drop()
    guard keepsReturn else { return }
    bytes = ByteBuffer(bytes: [UInt8(ascii: "\r")])
    searched = 1
  }

  private mutating func drop() {
    bytes = ByteBuffer()
    searched = 0
  }

  /// Without a final CR: a CR before the LF belongs to the line end, and a CR at the end of an incomplete line may.
  private static func withoutReturn(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    line.last == UInt8(ascii: "\r") ? UnsafeRawBufferPointer(rebasing: line.dropLast()) : line
  }

  /// Whether a line, or the beginning of one, exceeds its limits whatever follows.
  private func isTooLong(_ line: UnsafeRawBufferPointer) -> Bool {
    guard allowsTags, line.first == UInt8(ascii: "@") else { return line.count > limits.line }
    guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return line.count - 1 > limits.tags }
    // The `@` and the space count as neither.
    let tags = space - 1
    return tags > limits.tags || line.count - tags - 2 > limits.line
  }

  /// - Parameter endsInNull: whether the line ended with CR NUL, so that a CR before it counts as a byte of the line.
  private func decode(_ slice: ByteBuffer, endsInNull: Bool) -> Result<Line, LineFault> {
    let isOver = slice.withUnsafeReadableBytes { isTooLong(endsInNull ? $0 : Self.withoutReturn($0)) }
    if isOver { return .failure(.tooLong) }
    let typed = allowsTyping && !allowsTags ? slice.typed() : slice
    guard let text = typed.withUnsafeReadableBytes({ Self.withoutReturn($0).text }) else {
      return .failure(.invalidUTF8)
    }
    guard allowsTags, text.utf8.first == UInt8(ascii: "@") else {
      return .success(Line(text: text, hasControlCharacters: text.hasControlCharacters))
    }
    let space = text.utf8.firstIndex(of: UInt8(ascii: " ")) ?? text.endIndex
    guard let tags = Tags(parsing: text[text.utf8.index(after: text.startIndex)..<space]) else {
      return .failure(.malformedTags)
    }
    // IRCv3 allows several spaces between the tags and the rest.
    let rest = String(Substring(text.utf8[space...].drop { $0 == UInt8(ascii: " ") }))
    return .success(Line(tags: tags, text: rest, hasControlCharacters: rest.hasControlCharacters))
  }
}

extension StringProtocol {
  /// Whether there is a control character (C0, DEL, C1) other than a tab.
  var hasControlCharacters: Bool {
    let isPlain = utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).isFreeOfControlBytes }
    if isPlain == true { return false }
    var previous: UInt8 = 0
    for byte in utf8 {
      // C1 is U+0080…U+009F: C2 80 to C2 9F in UTF-8.
      if byte < 0x20 ? byte != UInt8(ascii: "\t") : byte == 0x7f || (previous == 0xc2 && byte < 0xa0) { return true }
      previous = byte
    }
    return false
  }
}

extension UnsafeRawBufferPointer {
  /// The offset of the first line feed at or behind an offset; nil if there is none.
  package func firstLineFeed(from start: Int) -> Int? {
    guard start < count, let baseAddress else { return nil }
    return memchr(baseAddress + start, Int32(UInt8(ascii: "\n")), count - start)
      .map { baseAddress.distance(to: UnsafeRawPointer($0)) }
  }

  /// Nil if the bytes are not UTF-8.
  fileprivate var text: String? {
    // The validating initializer is generic and looks up its types for each line, which takes a tenth of the time per
    // line.
    isASCII ? String(decoding: self, as: UTF8.self) : String(validating: self, as: UTF8.self)
  }

  private var isASCII: Bool {
    guard count >= ByteWord.bytes else { return allSatisfy { $0 < 0x80 } }
    // The last word overlaps the previous one.
    return stride(from: 0, to: count - ByteWord.bytes, by: ByteWord.bytes).allSatisfy { ByteWord(self, at: $0).isASCII }
      && ByteWord(self, at: count - ByteWord.bytes).isASCII
  }

  /// Whether no byte can be part of a control character, as in nearly all texts; a tab counts as one.
  fileprivate var isFreeOfControlBytes: Bool {
    hasOnlyWords { !$0.hasByteBelowSpace && !$0.contains(0x7f) && !$0.contains(0xc2) }
  }

  /// Whether there is no byte of C0 and no DEL; false also for very short texts.
  var isFreeOfC0AndDelete: Bool { hasOnlyWords { !$0.hasByteBelowSpace && !$0.contains(0x7f) } }

  private func hasOnlyWords(where isRight: (ByteWord) -> Bool) -> Bool {
    guard count >= ByteWord.bytes else { return false }
    // The last word overlaps the previous one.
    return stride(from: 0, to: count - ByteWord.bytes, by: ByteWord.bytes).allSatisfy {
      isRight(ByteWord(self, at: $0))
    }
      && isRight(ByteWord(self, at: count - ByteWord.bytes))
  }
}
