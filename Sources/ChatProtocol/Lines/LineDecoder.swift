import NIOCore

/// Cuts a stream of bytes into lines.
///
/// Give it what arrived with `append`, then call `next` until it returns nil. However the stream was split, the
/// same lines come out. It holds at most one line's limit of bytes between two calls of `append`, and nothing at
/// all while no line is half read.
public struct LineDecoder: Sendable {
  /// Whether a line that begins with `@` begins with tags. Takes effect with the next line.
  public var allowsTags: Bool

  /// Whether people may have typed the lines of the dialect without tags in a telnet program: what they erased is left
  /// out, and so is what such programs send on their own.
  private let allowsTyping: Bool

  private let limits: LineLimits
  private var bytes = ByteBuffer()
  /// How many of the readable bytes were searched for a line's end already, so that a line that trickles in byte
  /// by byte is not searched anew each time.
  private var searched = 0
  /// The beginning of the present line was reported as too long: the rest of it is skipped.
  private var isSkipping = false

  public init(limits: LineLimits = LineLimits(), allowsTags: Bool, allowsTyping: Bool = false) {
    self.limits = limits
    self.allowsTags = allowsTags
    self.allowsTyping = allowsTyping
  }

  /// How many bytes of an unfinished line are held.
  public var heldBytes: Int { bytes.readableBytes }

  public mutating func append(_ arrived: ByteBuffer) {
    if bytes.readableBytes == 0 {
      bytes = arrived
    } else {
      var arrived = arrived
      bytes.writeBuffer(&arrived)
    }
  }

  /// - Returns: the next line or fault, or nil when the rest of the stream must arrive first.
  public mutating func next() -> Result<Line, LineFault>? {
    while true {
      guard let (length, end) = nextLine() else { return reportOverflow() }
      defer { finishLine() }
      if isSkipping {
        isSkipping = false
        bytes.moveReaderIndex(forwardBy: length + end)
        continue
      }
      guard let line = bytes.readSlice(length: length) else { return nil }
      bytes.moveReaderIndex(forwardBy: end)
      return decode(line)
    }
  }

  /// How many bytes there are before the end of the next line, and how many its end has: LF, or CR NUL.
  private mutating func nextLine() -> (length: Int, end: Int)? {
    let view = bytes.readableBytesView
    let unsearched = view[view.index(view.startIndex, offsetBy: min(searched, view.count))...]
    let end = unsearched.firstIndex(of: UInt8(ascii: "\n")).map { $0 - view.startIndex }
    if allowsTyping, !allowsTags, let length = bytes.lengthOfReturnedLine(within: end ?? view.count, after: searched) {
      return (length, 2)
    }
    if end == nil { searched = view.count }
    return end.map { ($0, 1) }
  }

  private mutating func finishLine() {
    searched = 0
    // What arrived is shared with whoever reads the socket: keep none of it while nothing is half read.
    if bytes.readableBytes == 0 { bytes = ByteBuffer() }
  }

  /// There is no line's end in what is held: too much of it is a fault, reported at once.
  private mutating func reportOverflow() -> Result<Line, LineFault>? {
    if isSkipping {
      drop()
      return nil
    }
    if isTooLong(Self.withoutReturn(bytes.readableBytesView)) {
      isSkipping = true
      drop()
      return .failure(.tooLong)
    }
    // A short remainder must not keep the large buffer alive that it arrived in. A slice's own capacity does not tell
    // how large that is.
    if bytes.readableBytes == 0 {
      drop()
    } else if bytes.storageCapacity > 2 * bytes.readableBytes + 1024 {
      bytes = ByteBuffer(bytes: bytes.readableBytesView)
    }
    return nil
  }

  private mutating func drop() {
    bytes = ByteBuffer()
    searched = 0
  }

  /// A CR before the LF belongs to the line's end; at the end of an unfinished line it may turn out to.
  private static func withoutReturn(_ view: ByteBufferView) -> ByteBufferView {
    view.last == UInt8(ascii: "\r") ? view.dropLast() : view
  }

  /// Whether a line, or the beginning of one, is over its limits whatever follows.
  private func isTooLong(_ view: ByteBufferView) -> Bool {
    guard allowsTags, view.first == UInt8(ascii: "@") else { return view.count > limits.line }
    guard let space = view.firstIndex(of: UInt8(ascii: " ")) else { return view.count - 1 > limits.tags }
    // The `@` and the space belong to neither.
    let tags = space - view.startIndex - 1
    return tags > limits.tags || view.count - tags - 2 > limits.line
  }

  private func decode(_ slice: ByteBuffer) -> Result<Line, LineFault> {
    if isTooLong(Self.withoutReturn(slice.readableBytesView)) { return .failure(.tooLong) }
    let view = Self.withoutReturn((allowsTyping && !allowsTags ? slice.typed() : slice).readableBytesView)
    guard let text = view.withUnsafeBytes({ $0.text }) else { return .failure(.invalidUTF8) }
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
  /// Nil where it is not UTF-8.
  fileprivate var text: String? {
    // The initializer that validates is generic, and looks its types up for each line: a tenth of what a line takes.
    isASCII ? String(decoding: self, as: UTF8.self) : String(validating: self, as: UTF8.self)
  }

  private var isASCII: Bool {
    guard count >= ByteWord.bytes else { return allSatisfy { $0 < 0x80 } }
    // The last word overlaps the one before.
    return stride(from: 0, to: count - ByteWord.bytes, by: ByteWord.bytes).allSatisfy { ByteWord(self, at: $0).isASCII }
      && ByteWord(self, at: count - ByteWord.bytes).isASCII
  }

  /// Whether there is no byte that a control character has, as in nearly all texts; a tab counts as one.
  fileprivate var isFreeOfControlBytes: Bool {
    guard count >= ByteWord.bytes else { return false }
    func isFree(at offset: Int) -> Bool {
      let word = ByteWord(self, at: offset)
      return !word.hasByteBelowSpace && !word.contains(0x7f) && !word.contains(0xc2)
    }
    // The last word overlaps the one before.
    return stride(from: 0, to: count - ByteWord.bytes, by: ByteWord.bytes).allSatisfy(isFree)
      && isFree(at: count - ByteWord.bytes)
  }
}
