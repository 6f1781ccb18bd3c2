import ChatProtocol

extension String {
  /// Whether the text holds the name as a word of its own, in any letter case.
  func mentions(_ name: Nickname) -> Bool {
    let text = Array(lowercased())
    let name = Array(name.text.lowercased())
    guard !name.isEmpty, text.count >= name.count else { return false }
    for start in 0...(text.count - name.count) where text[start] == name[0] {
      let end = start + name.count
      guard text[start..<end].elementsEqual(name) else { continue }
      let isStart = start == 0 || !text[start - 1].isPartOfWord
      let isEnd = end == text.count || !text[end].isPartOfWord
      if isStart && isEnd { return true }
    }
    return false
  }
}

extension Character {
  var isPartOfWord: Bool { isLetter || isNumber || self == "_" }
}
