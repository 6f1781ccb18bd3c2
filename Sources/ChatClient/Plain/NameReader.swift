import ChatProtocol

/// Finds the names of people in lines whose words may be separated in any way, and whose names may have spaces.
struct NameReader {
  struct Found {
    var name: Nickname
    /// All that follows the name.
    var rest: Substring
  }

  /// Whether somebody is known to have this name.
  let isKnown: (Nickname) -> Bool

  /// The longest known name that the text begins with.
  /// - Parameter isEnd: whether a name may end before these bytes, which may be none.
  func longest(at text: Substring, where isEnd: (Substring.UTF8View) -> Bool) -> Found? {
    var found: Found?
    let bytes = text.utf8
    var index = bytes.startIndex
    for _ in 0..<Nickname.maximumBytes {
      guard index < bytes.endIndex else { break }
      bytes.formIndex(after: &index)
      guard isEnd(bytes[index...]), let name = Nickname(spaced: Substring(bytes[..<index])), isKnown(name) else {
        continue
      }
      found = Found(name: name, rest: Substring(bytes[index...]))
    }
    return found
  }

  /// The longest known name that the text begins with, before a space, a colon or the text's end.
  /// - Parameter needsColon: whether only a colon will do.
  /// - Returns: the name, and what follows it without what separates the two.
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

  /// The first word, and what follows it and the white space behind it.
  static func firstWord(of text: Substring) -> (word: Substring, rest: Substring) {
    let trimmed = text.utf8.drop(while: isSpace)
    let end = trimmed.firstIndex(where: isSpace) ?? trimmed.endIndex
    return (Substring(trimmed[..<end]), Substring(trimmed[end...].drop(while: isSpace)))
  }
}

extension StringProtocol {
  /// Whether the name stands in the text, with no letter or digit beside it.
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

  /// With each number made one zero, for lines that differ in times and counts alone.
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
