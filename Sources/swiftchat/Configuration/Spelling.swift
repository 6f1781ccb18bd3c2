/// Suggests corrections of misspelled words.
enum Spelling {
  /// Longer words are not typed by hand, and comparing takes the product of both lengths.
  private static let maximumLength = 64

  /// The word closest to a misspelled one.
  /// - Returns: nil if none is close: within one change per three letters, and at most three changes.
  static func closest(to word: String, among words: some Sequence<String>) -> String? {
    let letters = Array(word.utf8)
    guard letters.count > 2, letters.count <= maximumLength else { return nil }
    let limit = min(3, letters.count / 3)
    var best: (distance: Int, word: String)?
    for candidate in words where candidate.utf8.count <= maximumLength {
      let distance = distance(letters, Array(candidate.utf8))
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.word
  }

  /// The edit distance: insertions, removals, replacements, and swaps of adjacent letters.
  private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...other.count)
    for (row, letter) in one.enumerated() {
      var next = [row + 1]
      for (column, otherLetter) in other.enumerated() {
        var cost = min(last[column + 1] + 1, next[column] + 1, last[column] + (letter == otherLetter ? 0 : 1))
        if row > 0, column > 0, letter == other[column - 1], one[row - 1] == otherLetter {
          cost = min(cost, before[column - 1] + 1)
        }
        next.append(cost)
      }
      (before, last) = (last, next)
    }
    return last[other.count]
  }
}
