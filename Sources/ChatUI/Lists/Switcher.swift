import ChatProtocol

/// The targets that the user can switch to, filtered by typed letters.
struct Switcher: Hashable, Sendable {
  var editor = LineEditor()
  /// All targets, the ones that want attention first.
  let targets: [Target]
  /// The search keys of `targets`: folded names with their `#` or `@`.
  private let keys: [[Unicode.Scalar]]
  private(set) var matches: [Target]
  var choice = Choice()

  /// The limit for `targets`.
  static let maximumTargets = 20_000

  init(_ targets: [Target]) {
    self.targets = targets
    keys = targets.map { Array($0.text.foldedForSearch().unicodeScalars) }
    matches = targets
  }

  mutating func narrow() {
    let letters = editor.text.foldedForSearch().unicodeScalars.filter { !$0.properties.isWhitespace }
    let ranked = keys.enumerated().compactMap { offset, key in
      Self.rank(Array(letters), in: key).map { (rank: $0, offset: offset) }
    }
    matches = ranked.sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map { targets[$0.offset] }
    choice = Choice()
  }

  var chosen: Target? { matches.indices.contains(choice.index) ? matches[choice.index] : nil }

  /// The quality of a match: letters at the beginning of the name, together inside it, or in order with gaps.
  /// - Returns: nil if the name does not contain all letters in this order.
  private static func rank(_ letters: [Unicode.Scalar], in name: [Unicode.Scalar]) -> Int? {
    guard let first = letters.first else { return 0 }
    let bare = first == "#" || first == "@" ? name : Array(name.dropFirst())
    if bare.starts(with: letters) { return 0 }
    var gaps = 0
    var last: Int?
    var rest = letters[...]
    for (index, letter) in bare.enumerated() where letter == rest.first {
      if let last, index > last + 1 { gaps += 1 }
      last = index
      rest.removeFirst()
    }
    return rest.isEmpty ? 1 + gaps : nil
  }
}
