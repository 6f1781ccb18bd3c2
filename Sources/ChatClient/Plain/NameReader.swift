import ChatProtocol

/// Finds user names in lines with any separators. Names may contain spaces.
struct NameReader {
  struct FoundName {
    var name: Nickname
    /// Text after the name.
    var rest: Substring
  }

  /// Whether a user of this name is known.
  let isKnown: (Nickname) -> Bool

  /// The longest known name at the start of the text.
  /// - Parameter isEnd: whether a name may end before these bytes, which may be empty.
  func longest(at text: Substring, where isEnd: (Substring.UTF8View) -> Bool) -> FoundName? {
    var found: FoundName?
    let bytes = text.utf8
    var index = bytes.startIndex
    for _ in 0..<Nickname.maximumBytes {
      guard index < bytes.endIndex else { break }
      bytes.formIndex(after: &index)
      guard isEnd(bytes[index...]), let name = Nickname(spaced: Substring(bytes[..<index])), isKnown(name) else {
        continue
      }
      found = FoundName(name: name, rest: Substring(bytes[index...]))
    }
    return found
  }

  /// The longest known name at the start of the text, followed by a space, a colon or the end of the text.
  /// - Parameter needsColon: whether only a colon may follow.
  /// - Returns: the name, and the text after the separator.
  func author(of text: Substring, needsColon: Bool) -> (name: Nickname, text: String)? {
    let found = longest(at: text) { rest in
      guard let byte = rest.first else { return !needsColon }
      return byte == UInt8(ascii: ":") || (!needsColon && Self.isSpace(byte))
    }
    guard let found else { return nil }
    var words = found.rest.utf8
    if words.first == UInt8(ascii: ":") { words.removeFirst() }
    if let first = words.first, Self.isSpace(first) { words.removeFirst() }
    return (found.name, String(Substring(words)))
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  /// The first word, and the text after the white space that follows it.
  static func firstWord(of text: Substring) -> (word: Substring, rest: Substring) {
    let trimmed = text.utf8.drop(while: isSpace)
    let end = trimmed.firstIndex(where: isSpace) ?? trimmed.endIndex
    return (Substring(trimmed[..<end]), Substring(trimmed[end...].drop(while: isSpace)))
  }
}

extension StringProtocol {
  /// Whether the text contains the name, with no letter or digit next to it.
  func mentions(_ name: Nickname) -> Bool {
    let text = Array(lowercased().unicodeScalars)
    let word = Array(name.text.lowercased().unicodeScalars)
    guard !word.isEmpty, text.count >= word.count else { return false }
    return (0...(text.count - word.count)).contains { start in
      let end = start + word.count
      return text[start..<end].elementsEqual(word) && (start == 0 || !text[start - 1].isInWord)
        && (end == text.count || !text[end].isInWord)
    }
  }

  /// The text with each number replaced by one zero, to compare lines that differ only in times and counts.
  var withoutNumbers: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard ("0"..."9").contains(scalar) else {
        result.append(scalar)
        continue
      }
      if result.last != "0" { result.append("0") }
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  fileprivate var isInWord: Bool { properties.isAlphabetic || properties.numericType != nil }
}
