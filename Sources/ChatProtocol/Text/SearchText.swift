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
    bytes.reserveCapacity(text.utf8.count + 2)
    if !appendASCII(text) {
      bytes.removeAll(keepingCapacity: true)
      var scanner = WordScanner()
      for scalar in text.folded().unicodeScalars { scanner.scan(scalar, into: &bytes) }
    }
    if !bytes.isEmpty { bytes.append(Self.space) }
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

  /// - Returns: false if the text is not all ASCII.
  private mutating func appendASCII(_ text: String) -> Bool {
    var isInWord = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        if !isInWord { bytes.append(Self.space) }
        bytes.append(byte)
        isInWord = true
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        if !isInWord { bytes.append(Self.space) }
        bytes.append(byte | 0x20)
        isInWord = true
      case 0x80...: return false
      default: isInWord = false
      }
    }
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
