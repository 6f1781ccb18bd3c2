/// Reads a line word by word. White space is the space and the tab. Other white space is never collapsed, so that a
/// text in any script is preserved. White space is found byte by byte, because a space followed by a combining mark is
/// one `Character` that does not equal a space.
///
/// The position is an offset instead of a `Substring`, because each substring retains the line.
struct Words {
  /// Contiguous UTF-8.
  private let line: String
  /// Number of bytes before the rest of the line.
  private var offset = 0

  init(_ line: String) {
    var line = line
    line.makeContiguousUTF8()
    self.line = line
  }

  /// Whether nothing but white space is left.
  var isAtEnd: Bool { start == nil }

  /// The offset of the first byte of the rest that is no white space; nil if there is none.
  private var start: Int? { offset(from: offset) { !Self.isSpace($0) } }

  private func offset(from start: Int, where isWanted: (UInt8) -> Bool) -> Int? {
    line.utf8.withContiguousStorageIfAvailable { $0[start...].firstIndex(where: isWanted) } ?? nil
  }

  private func index(at offset: Int) -> String.Index { line.utf8.index(line.startIndex, offsetBy: offset) }

  /// Returns the next word. Removes the word and the one white space after it.
  mutating func next() -> Substring? {
    guard let start else { return nil }
    let end = offset(from: start, where: Self.isSpace)
    offset = end.map { $0 + 1 } ?? line.utf8.count
    return Substring(line.utf8[index(at: start)..<index(at: end ?? line.utf8.count)])
  }

  /// Removes and returns the remaining words.
  mutating func all() -> [Substring] {
    var words: [Substring] = []
    while let word = next() { words.append(word) }
    return words
  }

  /// The rest of the line, verbatim.
  var remainder: String { offset == 0 ? line : String(Substring(line.utf8[index(at: offset)...])) }

  /// Removes and returns the rest of the line; nil if only white space is left.
  mutating func text(_ spacing: Spacing) -> String? {
    guard !isAtEnd else { return nil }
    return reason().spaced(spacing)
  }

  /// Removes and returns the rest of the line, verbatim.
  mutating func reason() -> String {
    defer { offset = line.utf8.count }
    return remainder
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

/// The treatment of white space in a text.
enum Spacing {
  /// White space is kept.
  case verbatim
  /// White space at either end is removed; inner white space is kept.
  case trimmed
  /// As `trimmed`, and each run of inner white space becomes one space.
  case collapsed
}

extension String {
  func spaced(_ spacing: Spacing) -> String {
    switch spacing {
    case .verbatim: self
    case .trimmed: trimmingWhiteSpace()
    case .collapsed: collapsingWhiteSpace()
    }
  }

  /// Removes the spaces and tabs at either end.
  private func trimmingWhiteSpace() -> String {
    guard let first = utf8.first, let last = utf8.last, Words.isSpace(first) || Words.isSpace(last) else { return self }
    var rest = Substring(self).utf8.drop(while: Words.isSpace)
    while let last = rest.last, Words.isSpace(last) { rest.removeLast() }
    return String(Substring(rest))
  }

  /// Replaces runs of spaces and tabs by one space and removes them at either end, as the plain dialect does.
  func collapsingWhiteSpace() -> String {
    guard needsCollapsing else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    var isAfterSpace = true
    for byte in utf8 {
      if Words.isSpace(byte) {
        if !isAfterSpace { bytes.append(UInt8(ascii: " ")) }
        isAfterSpace = true
      } else {
        bytes.append(byte)
        isAfterSpace = false
      }
    }
    if bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private var needsCollapsing: Bool {
    let isNeeded = utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).needsCollapsing }
    // A bridged string may have no contiguous storage.
    return isNeeded ?? Array(utf8).withUnsafeBytes(\.needsCollapsing)
  }
}

extension UnsafeRawBufferPointer {
  /// Whether there is a tab, a space at either end, or a run of spaces.
  fileprivate var needsCollapsing: Bool {
    guard let first, let last else { return false }
    if Words.isSpace(first) || Words.isSpace(last) { return true }
    var isAfterSpace = false
    var offset = 0
    while offset + ByteWord.bytes <= count {
      let word = ByteWord(self, at: offset)
      let spaces = word.spaces
      if word.contains(UInt8(ascii: "\t")) || spaces & (spaces >> 8) != 0 { return true }
      if isAfterSpace, spaces & 0x80 != 0 { return true }
      isAfterSpace = spaces >> 63 != 0
      offset += ByteWord.bytes
    }
    for byte in self[offset...] {
      if byte == UInt8(ascii: "\t") { return true }
      let isSpace = byte == UInt8(ascii: " ")
      if isSpace && isAfterSpace { return true }
      isAfterSpace = isSpace
    }
    return false
  }
}
