import Platform

/// The searchable form of a text: its words, folded and without accents, with a space before and after each. A phrase
/// is found by searching for its bytes. `WordRole` defines words; all separators between words are equal.
///
/// The index of a log holds these words, too: a change to them requires a new `TextRule.version`.
package struct SearchText: Hashable, Sendable {
  /// Empty if there are no words; otherwise begins and ends with a space. The only ASCII characters are lower-case
  /// letters, digits and single spaces.
  package private(set) var bytes: [UInt8] = []

  package init(_ text: String) {
    var text = text
    text.withUTF8 { Self.append($0, to: &bytes) }
  }

  init(bytes: [UInt8]) { self.bytes = bytes }

  package static let space = UInt8(ascii: " ")

  package var hasWords: Bool { !bytes.isEmpty }

  /// Whether the phrase's words occur consecutively in this text. A phrase without words never occurs.
  /// - Parameter endsInPrefix: whether the last word may match the beginning of a word.
  package func contains(_ phrase: SearchText, endsInPrefix: Bool = false) -> Bool {
    first(phrase, endsInPrefix: endsInPrefix, from: 0) != nil
  }

  /// The next occurrence of the phrase, as a range of `bytes` that begins with the space before it.
  fileprivate func first(_ phrase: SearchText, endsInPrefix: Bool, from start: Int) -> Range<Int>? {
    let length = phrase.bytes.count - (endsInPrefix ? 1 : 0)
    guard phrase.hasWords, start >= 0, length <= bytes.count - start else { return nil }
    return bytes.withUnsafeBytes { text in
      phrase.bytes.withUnsafeBytes { phrase in
        guard let text = text.baseAddress, let sought = phrase.baseAddress else { return nil }
        // Comparing only at spaces is fast: a phrase begins with one, and texts have few.
        return (start...(bytes.count - length)).first { start in
          bytes[start] == Self.space && memcmp(text + start, sought, length) == 0
        }.map { $0..<($0 + length) }
      }
    }
  }

  // MARK: Making

  /// Appends the searchable form of a text in UTF-8. Invalid bytes are treated as U+FFFD.
  package static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    let start = bytes.count
    if !appendASCII(text, to: &bytes) {
      bytes.removeSubrange(start...)
      bytes.reserveCapacity(start + text.count + 2)
      var scanner = WordScanner()
      for scalar in String(decoding: text, as: UTF8.self).folded().unicodeScalars {
        scanner.scan(scalar, into: &bytes)
      }
    }
    if bytes.count > start { bytes.append(space) }
  }

  /// - Returns: false if the text is not all ASCII; `bytes` then ends with a part of it.
  private static func appendASCII(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    // There are at most as many spaces as other characters. Appending each byte would check the array's storage each time.
    bytes.append(contentsOf: repeatElement(0, count: text.count * 2))
    let end: Int? = bytes.withUnsafeMutableBufferPointer { bytes in
      var end = start
      var isInWord = false
      for byte in text {
        let folded = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
        guard folded &- UInt8(ascii: "a") < 26 || folded &- UInt8(ascii: "0") < 10 else {
          if folded >= 0x80 { return nil }
          isInWord = false
          continue
        }
        if !isInWord {
          bytes[end] = space
          end += 1
          isInWord = true
        }
        bytes[end] = folded
        end += 1
      }
      return end
    }
    guard let end else { return false }
    bytes.removeSubrange(end...)
    return true
  }
}

/// The searchable form of a text, with the position of each word in the text.
package struct PlacedSearchText {
  private let text: SearchText
  /// The index of the source character, by byte of `text`.
  private let places: [Int]

  package init(_ characters: [Character]) {
    var bytes: [UInt8] = []
    var places: [Int] = []
    var scanner = WordScanner()
    for (index, character) in characters.enumerated() {
      for scalar in String(character).folded().unicodeScalars { scanner.scan(scalar, into: &bytes) }
      while places.count < bytes.count { places.append(index) }
    }
    if !bytes.isEmpty {
      bytes.append(SearchText.space)
      places.append(characters.count)
    }
    text = SearchText(bytes: bytes)
    self.places = places
  }

  /// All occurrences of the phrase, as ranges of characters.
  package func ranges(of phrase: SearchPhrase) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while let found = text.first(phrase.words, endsInPrefix: phrase.endsInPrefix, from: start) {
      // Excludes the spaces around the phrase.
      let last = found.upperBound - (phrase.endsInPrefix ? 1 : 2)
      let range = places[found.lowerBound + 1]..<(places[last] + 1)
      ranges.append(range)
      start = found.lowerBound + 1
    }
    return ranges
  }
}
