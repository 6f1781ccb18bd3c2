import ChatProtocol

/// New keys for a set of names, by the present `TextRule`. Each is unique: of several names that become equal, the first
/// one keeps the name, and the others get a number.
struct NewKeys {
  /// A name with another key than before.
  struct Change: Sendable {
    /// The stored key.
    let key: String
    let newKey: String
    let name: String
  }

  private let maximumBytes: Int
  private var entries: [Entry] = []

  private struct Entry {
    var key: String
    var name: String
    /// Nil for an unreadable name: damage, which is left unchanged.
    var folded: String?
  }

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  /// The first of several names with the same folded form keeps it.
  mutating func add(_ key: String, name: String, folded: String?) {
    entries.append(Entry(key: key, name: name, folded: folded))
  }

  /// A key that no name has. Updates go through such keys, so that no key occurs twice meanwhile.
  static func temporary(_ number: Int) -> String { " \(number)" }

  /// Keys are compared by their bytes, as in a database.
  var changes: [Change] {
    var taken = Set(entries.map { Array(($0.folded ?? $0.key).utf8) })
    var seen: Set<[UInt8]> = []
    var changes: [Change] = []
    for entry in entries {
      guard var folded = entry.folded else { continue }
      var name = entry.name
      if !seen.insert(Array(folded.utf8)).inserted {
        name = Self.numbered(entry.name, maximumBytes) { taken.insert(Array($0.folded().utf8)).inserted }
        folded = name.folded()
      }
      if !folded.utf8.elementsEqual(entry.key.utf8) || name != entry.name {
        changes.append(Change(key: entry.key, newKey: folded, name: name))
      }
    }
    return changes
  }

  /// The name with the first free number appended.
  private static func numbered(_ name: String, _ maximumBytes: Int, isFree: (String) -> Bool) -> String {
    var number = 2
    while true {
      let suffix = "-\(number)"
      var stem = name.unicodeScalars
      while stem.reduce(0, { $0 + UTF8.width($1) }) + suffix.utf8.count > maximumBytes, !stem.isEmpty {
        stem.removeLast()
      }
      let candidate = String(stem) + suffix
      if isFree(candidate) { return candidate }
      number += 1
    }
  }
}

/// New keys for sanctions, by the present `TextRule`. Of several that become equal, the first one stays.
struct NewSanctionKeys {
  struct Row: Sendable {
    let kind: String
    /// The stored key.
    let key: String
    let newKey: String
  }

  /// Sanctions that equal an earlier one.
  private(set) var removed: [Row] = []
  /// Sanctions with another key than before.
  private(set) var changed: [Row] = []
  private var taken: Set<[UInt8]> = []

  /// The longest sanctions first. An unreadable subject is damage, which is left unchanged.
  mutating func add(kind: String, key: String, subject: String) {
    guard let newKey = Subject(subject)?.key else { return }
    let row = Row(kind: kind, key: key, newKey: newKey)
    guard taken.insert(Array(kind.utf8) + [0] + newKey.utf8).inserted else { return removed.append(row) }
    // By bytes: `==` does not tell a composed key from the decomposed one.
    if !key.utf8.elementsEqual(newKey.utf8) { changed.append(row) }
  }
}
