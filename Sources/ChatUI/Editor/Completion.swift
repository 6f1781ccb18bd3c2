/// Cycles through the candidates for a word while only the keys for completion are pressed.
struct Completion: Hashable, Sendable {
  /// One completion of the word.
  struct Candidate: Hashable, Sendable {
    /// The text for the input.
    var text: String
    /// The name in the list of candidates.
    var label: String
    /// Its explanation in one line; may be empty.
    var help = ""
  }

  /// Start and length of the text in the input that the candidate replaces.
  private var start: Int
  private var length: Int
  let candidates: [Candidate]
  /// The index of the current candidate.
  private(set) var position = 0

  /// - Returns: nil if there are no candidates.
  init?(word: Range<Int>, candidates: [Candidate], backward: Bool) {
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

  mutating func select(_ index: Int) {
    if candidates.indices.contains(index) { position = index }
  }

  /// Replaces the word by the current candidate.
  mutating func apply(to editor: inout LineEditor) {
    editor.replace(start..<(start + length), with: candidates[position].text)
    // The length may differ from that of the text, whose ends may have merged with the neighbouring characters.
    length = max(editor.cursor - start, 0)
  }
}
