/// Looks through what is loaded of a conversation while one types.
struct PaneSearch: Hashable, Sendable {
  var editor = LineEditor()
  /// The entries that hold the text, the oldest first.
  private(set) var matches: [Int] = []
  /// Which of them is looked at.
  private(set) var position: Int?
  /// Where the pane stood before.
  let origin: Tab.Scroll

  init(origin: Tab.Scroll) { self.origin = origin }

  var needle: Needle? { Needle(editor.text.trimmingSpaces) }

  var found: Int? { position.map { matches[$0] } }

  /// Looks anew, from where the pane stands back; stays where it is as long as the text stands there.
  mutating func look(through transcript: Transcript) {
    let before: Int? = if let found { found } else if case .row(_, let entry) = origin { entry } else { nil }
    guard let needle else {
      (matches, position) = ([], nil)
      return
    }
    matches = transcript.entries.filter { $0.searchableText.map(needle.isFound) ?? false }.map(\.id)
    let near = before.flatMap { id in matches.lastIndex { $0 <= id } }
    position = near ?? matches.indices.last
  }

  /// - Returns: false where there is none further on.
  mutating func step(older: Bool) -> Bool {
    guard let position else { return false }
    let next = position + (older ? -1 : 1)
    guard matches.indices.contains(next) else { return false }
    self.position = next
    return true
  }

  /// `3 of 17`, counted from the newest.
  var standing: String {
    guard needle != nil else { return "type what to look for" }
    guard let position else { return "not found here" }
    return "\(matches.count - position) of \(matches.count)"
  }
}
