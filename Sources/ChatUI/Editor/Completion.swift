/// Walks through what a word can be completed to, while nothing but Tab is pressed.
struct Completion: Hashable, Sendable {
  /// Where in the input the word stood, and what now stands there.
  private var start: Int
  private var length: Int
  private let candidates: [String]
  private var position = 0

  /// - Returns: nil where nothing fits.
  init?(word: Range<Int>, candidates: [String], backward: Bool) {
    guard !candidates.isEmpty else { return nil }
    start = word.lowerBound
    length = word.count
    self.candidates = candidates
    position = backward ? candidates.count - 1 : 0
  }

  /// Whether there is nothing else to walk to.
  var isOnlyOne: Bool { candidates.count == 1 }

  mutating func step(backward: Bool) {
    position = (position + (backward ? candidates.count - 1 : 1)) % candidates.count
  }

  /// Puts the present candidate in its place.
  mutating func apply(to editor: inout LineEditor) {
    let text = candidates[position]
    editor.replace(start..<(start + length), with: text)
    // Not the text's own length: its ends may have joined what stands beside them.
    length = max(editor.cursor - start, 0)
  }
}
