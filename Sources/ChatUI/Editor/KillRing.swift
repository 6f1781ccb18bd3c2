/// The last cuts, which can be put back.
struct KillRing: Hashable, Sendable {
  /// Oldest first.
  private var cuts: [String] = []

  static let maximum = 20
  /// The limit for all cuts together; the last cut always stays.
  static let maximumBytes = 1 << 20

  var count: Int { cuts.count }

  /// - Parameter age: 0 for the last cut.
  subscript(age: Int) -> String? {
    let index = cuts.count - 1 - age
    return cuts.indices.contains(index) ? cuts[index] : nil
  }

  mutating func push(_ cut: String) {
    guard !cut.isEmpty else { return }
    cuts.append(cut)
    trim()
  }

  /// Adds text to the last cut: consecutive cuts are put back together.
  mutating func extendLast(by cut: String, atStart: Bool) {
    guard let last = cuts.popLast() else { return push(cut) }
    cuts.append(atStart ? cut + last : last + cut)
    trim()
  }

  private mutating func trim() {
    var bytes = cuts.reduce(0) { $0 + $1.utf8.count }
    while cuts.count > Self.maximum || bytes > Self.maximumBytes && cuts.count > 1 {
      bytes -= cuts.removeFirst().utf8.count
    }
  }
}
