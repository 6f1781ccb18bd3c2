/// Which item of a list the keys are about.
struct Choice: Hashable, Sendable {
  private(set) var index = 0

  init(_ index: Int = 0) { self.index = index }

  /// - Parameters:
  ///   - count: how many items there are.
  ///   - page: how many of them are in view.
  /// - Returns: false where the key does not move through a list.
  mutating func move(_ key: Key, count: Int, page: Int) -> Bool {
    guard key.modifiers.isEmpty else { return false }
    switch key.symbol {
    case .up: index -= 1
    case .down: index += 1
    case .pageUp: index -= max(page, 1)
    case .pageDown: index += max(page, 1)
    case .home: index = 0
    case .end: index = count - 1
    default: return false
    }
    settle(count: count)
    return true
  }

  /// Goes on by so many, around the ends.
  mutating func step(_ distance: Int, count: Int) {
    guard count > 0 else { return }
    index = ((index + distance) % count + count) % count
  }

  /// Stays within a list that has changed.
  mutating func settle(count: Int) { index = max(min(index, count - 1), 0) }

  /// The first item in view, where so many have room: the chosen one is in view, in the middle where it can be.
  func first(count: Int, page: Int) -> Int { max(min(index - page / 2, count - page), 0) }
}
