import ChatProtocol

/// The folded texts of a transcript by entry id: folded once, not with every key.
struct FoldedTexts: Sendable {
  private(set) var texts: [Int: SearchText] = [:]
  private var folder = SearchTextFolder()

  mutating func text(_ text: String, ofEntry id: Int) -> SearchText {
    if let known = texts[id] { return known }
    let made = folder.searchText(text)
    texts[id] = made
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
  func isFound(by terms: SearchTerms, _ texts: inout FoldedTexts) -> Bool {
    switch body {
    case .message(let message): return isFound(by: terms, message.author, message.text, &texts)
    case .topic(let author, let text): return isFound(by: terms, author, text, &texts)
    case .redacted, .notice, .alert, .presence, .away, .back: return false
    }
  }

  private func isFound(
    by terms: SearchTerms, _ author: Nickname, _ text: String, _ texts: inout FoldedTexts
  ) -> Bool {
    guard terms.allow(author: author), terms.allow(time: time) else { return false }
    return terms.phrases.isEmpty || terms.allow(words: texts.text(text, ofEntry: id))
  }
}
