import ChatProtocol

/// Where one can go, narrowed down by what is typed.
struct Switcher: Hashable, Sendable {
  var editor = LineEditor()
  /// All of them, those that want attention first.
  let targets: [Target]
  private(set) var matches: [Target]
  var choice = Choice()

  /// A crowd is not listed, but found by its letters.
  static let maximumTargets = 20_000

  init(_ targets: [Target]) {
    self.targets = targets
    matches = targets
  }

  mutating func narrow() {
    let letters = Array(editor.text.lowercased().filter { !$0.isWhitespace })
    let ranked = targets.enumerated().compactMap { offset, target in
      Self.rank(letters, in: target.text.lowercased()).map { (rank: $0, offset: offset, target: target) }
    }
    matches = ranked.sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map(\.target)
    choice = Choice()
  }

  var chosen: Target? { matches.indices.contains(choice.index) ? matches[choice.index] : nil }

  /// How well a name fits: the letters at its beginning, together in it, or one after the other with gaps.
  /// - Returns: nil where they are not all in it, in this order.
  private static func rank(_ letters: [Character], in name: String) -> Int? {
    guard let first = letters.first else { return 0 }
    let characters = Array(name)
    let bare = first == "#" || first == "@" ? characters : Array(characters.dropFirst())
    if bare.starts(with: letters) { return 0 }
    var gaps = 0
    var last: Int?
    var rest = letters[...]
    for (index, character) in bare.enumerated() where character == rest.first {
      if let last, index > last + 1 { gaps += 1 }
      last = index
      rest.removeFirst()
    }
    return rest.isEmpty ? 1 + gaps : nil
  }
}
