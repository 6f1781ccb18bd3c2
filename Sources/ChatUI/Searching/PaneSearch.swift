import ChatProtocol

/// Incremental search in the loaded messages of a conversation, with the matching rules of the server's search.
struct PaneSearch: Hashable, Sendable {
  var editor = LineEditor()
  /// The ids of the matching entries, oldest first.
  private(set) var matches: [Int] = []
  /// The index of the current match.
  private(set) var position: Int?
  private(set) var texts = FoldedTexts()
  /// The scroll position before the search.
  let origin: Tab.Scroll

  init(origin: Tab.Scroll) { self.origin = origin }

  /// Nil if the query has no searchable terms.
  var terms: SearchTerms? { SearchQuery(editor.text).flatMap(SearchTerms.init) }

  var found: Int? { position.map { matches[$0] } }

  /// Searches again. The current match stays if it still matches; otherwise the nearest older match becomes current.
  /// The first search starts at the scroll position.
  mutating func look(through transcript: Transcript) {
    let before: Int? = if let found { found } else if case .row(_, let entry) = origin { entry } else { nil }
    guard let terms else {
      (matches, position) = ([], nil)
      return
    }
    texts.forget(allBut: transcript)
    matches = transcript.entries.compactMap { $0.isFound(by: terms, &texts) ? $0.id : nil }
    let near = before.flatMap { id in matches.lastIndex { $0 <= id } }
    position = near ?? matches.indices.last
  }

  /// - Returns: false if there is no further match.
  mutating func step(older: Bool) -> Bool {
    guard let position else { return false }
    let next = position + (older ? -1 : 1)
    guard matches.indices.contains(next) else { return false }
    self.position = next
    return true
  }

  /// `3 of 17`, counted from the newest.
  var standing: String {
    guard !editor.text.trimmingSpaces.isEmpty else { return "type what to look for" }
    guard let position else { return "not found here" }
    return "\(matches.count - position) of \(matches.count)"
  }
}

/// The folded texts of a transcript by entry id: folded once, not with every key.
struct FoldedTexts: Sendable {
  private var texts: [Int: SearchText] = [:]
  private var folder = SearchTextFolder()
  /// How many texts were folded.
  private(set) var count = 0
  var kept: Int { texts.count }

  mutating func text(_ text: String, ofEntry id: Int) -> SearchText {
    if let known = texts[id] { return known }
    let made = folder.searchText(text)
    texts[id] = made
    count += 1
    return made
  }

  /// Drops the texts of removed entries once there are more than twice as many texts as entries.
  mutating func forget(allBut transcript: Transcript) {
    guard texts.count > transcript.entries.count * 2 else { return }
    let ids = Set(transcript.entries.lazy.map(\.id))
    texts = texts.filter { ids.contains($0.key) }
  }
}

// A cache of the transcript's content: it does not affect equality.
extension FoldedTexts: Hashable {
  static func == (left: Self, right: Self) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}

extension TranscriptEntry {
  fileprivate func isFound(by terms: SearchTerms, _ texts: inout FoldedTexts) -> Bool {
    switch body {
    case .message(let message): return isFound(by: terms, message.author, message.text, &texts)
    case .topic(let author, let text): return isFound(by: terms, author, text, &texts)
    case .removed, .notice, .alert, .presence, .away, .back: return false
    }
  }

  private func isFound(
    by terms: SearchTerms, _ author: Nickname, _ text: String, _ texts: inout FoldedTexts
  ) -> Bool {
    guard terms.allow(author: author), terms.allow(time: time) else { return false }
    return terms.phrases.isEmpty || terms.allow(words: texts.text(text, ofEntry: id))
  }
}
