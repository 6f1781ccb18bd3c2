@testable import ChatUI

extension LineEditor {
  /// A text with `|` at the cursor.
  init(drawn text: String) {
    let halves = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(halves.joined())
    let behind = halves.count > 1 ? halves[1].count : 0
    for _ in 0..<behind { moveLeft() }
  }

  var drawn: String { String(characters[..<cursor]) + "|" + String(characters[cursor...]) }
}
