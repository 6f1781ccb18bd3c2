#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A text as searches see it: its words in their folded form and without accents, each between two spaces, so that a
/// phrase is in a text where its bytes are. What a word is follows from `WordRole`; everything between two words is the
/// same.
///
/// These words are also what the index of a log holds: whoever changes them changes `TextRule.version`.
package struct SearchText: Hashable, Sendable {
  /// Empty where there are no words; otherwise a space first and last. No other ASCII than small letters, digits and
  /// single spaces.
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

  static let space = UInt8(ascii: " ")

  package var hasWords: Bool { !bytes.isEmpty }

  /// Whether all of the phrase's words stand in this text one after the other. A phrase of no words is nowhere.
  /// - Parameter endsInPrefix: whether the last of them may be only the beginning of a word.
  package func contains(_ phrase: SearchText, endsInPrefix: Bool = false) -> Bool {
    first(phrase, endsInPrefix: endsInPrefix, from: 0) != nil
  }

  /// Where the phrase next stands, as a range of `bytes` that begins with the space before it.
  fileprivate func first(_ phrase: SearchText, endsInPrefix: Bool, from start: Int) -> Range<Int>? {
    let length = phrase.bytes.count - (endsInPrefix ? 1 : 0)
    guard phrase.hasWords, start >= 0, length <= bytes.count - start else { return nil }
    return bytes.withUnsafeBytes { text in
      phrase.bytes.withUnsafeBytes { phrase in
        guard let text = text.baseAddress, let sought = phrase.baseAddress else { return nil }
        // A phrase begins with a space, and texts have few of them.
        return (start...(bytes.count - length)).first { start in
          bytes[start] == Self.space && memcmp(text + start, sought, length) == 0
        }.map { $0..<($0 + length) }
      }
    }
  }

  /// - Returns: false where the text is not all ASCII.
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

/// A text as searches see it, and where in the text each word stands.
package struct PlacedSearchText {
  private let text: SearchText
  /// For each byte the character that it came from.
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

  /// The characters of the text in which the phrase stands, each time it does.
  package func ranges(of phrase: SearchPhrase) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while let found = text.first(phrase.words, endsInPrefix: phrase.endsInPrefix, from: start) {
      // Not the spaces around it.
      let last = found.upperBound - (phrase.endsInPrefix ? 1 : 2)
      let range = places[found.lowerBound + 1]..<(places[last] + 1)
      ranges.append(range)
      start = found.lowerBound + 1
    }
    return ranges
  }
}
