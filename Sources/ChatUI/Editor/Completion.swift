/// Cycles through the candidates for a word while only Tab is pressed.
struct Completion: Hashable, Sendable {
  /// Start and length of the text in the input that the candidate replaces.
  private var start: Int
  private var length: Int
  private let candidates: [String]
  private var position = 0

  /// - Returns: nil if there are no candidates.
  init?(word: Range<Int>, candidates: [String], backward: Bool) {
    guard !candidates.isEmpty else { return nil }
    start = word.lowerBound
    length = word.count
    self.candidates = candidates
    position = backward ? candidates.count - 1 : 0
  }

  /// Whether there is only one candidate.
  var isOnlyOne: Bool { candidates.count == 1 }

  mutating func step(backward: Bool) {
    position = (position + (backward ? candidates.count - 1 : 1)) % candidates.count
  }

  /// Replaces the word by the current candidate.
  mutating func apply(to editor: inout LineEditor) {
    let text = candidates[position]
    editor.replace(start..<(start + length), with: text)
    // The length may differ from that of the text, whose ends may have merged with the neighbouring characters.
    length = max(editor.cursor - start, 0)
  }
}
