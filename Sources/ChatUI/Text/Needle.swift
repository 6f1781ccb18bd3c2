/// A text that is looked for without regard to case.
struct Needle: Hashable, Sendable {
  private let characters: [Character]
  private let bytes: [UInt8]

  /// - Returns: nil where there is nothing to look for.
  init?(_ text: some StringProtocol) {
    guard !text.isEmpty else { return nil }
    let folded = text.lowercased()
    characters = Array(folded)
    bytes = Array(folded.utf8)
  }

  /// What a person types: words, or with quotes what follows one another. Filters are none of the text.
  static func all(in query: String) -> [Needle] {
    var needles: [Needle] = []
    for (index, part) in query.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
      // Every second part stands in quotes.
      if index % 2 == 1 {
        if let needle = Needle(part) { needles.append(needle) }
      } else {
        let words = part.split(whereSeparator: \.isWhitespace).filter { !$0.contains(":") }
        needles += words.compactMap { Needle($0) }
      }
    }
    return Array(needles.prefix(16))
  }

  func isFound(in text: String) -> Bool {
    guard text.utf8.count >= bytes.count || !text.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
    let text = Array(text.lowercased().utf8)
    guard text.count >= bytes.count else { return false }
    return (0...(text.count - bytes.count)).contains { start in
      text[start] == bytes[0] && text[start..<(start + bytes.count)].elementsEqual(bytes)
    }
  }

  /// Where it stands in a text, as characters are counted there.
  func ranges(in text: [Character]) -> [Range<Int>] {
    // A capital whose small letter is two would shift all that is behind it: those are compared one by one.
    let folded = text.map { $0.lowercased() }
    let needle = characters.map { String($0) }
    guard folded.count >= needle.count else { return [] }
    var ranges: [Range<Int>] = []
    var start = 0
    while start + needle.count <= folded.count {
      if folded[start] == needle[0], folded[start..<(start + needle.count)].elementsEqual(needle) {
        ranges.append(start..<(start + needle.count))
        start += needle.count
      } else {
        start += 1
      }
    }
    return ranges
  }
}
