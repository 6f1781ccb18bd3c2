import TerminalTypes

/// The selected item of a list.
struct Choice: Hashable, Sendable {
  private(set) var index = 0

  init(_ index: Int = 0) { self.index = index }

  /// - Parameters:
  ///   - count: the number of items.
  ///   - page: the number of items in view.
  /// - Returns: false if the key does not move the selection.
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

  /// Moves the selection by a distance, wrapping around at the ends.
  mutating func step(_ distance: Int, count: Int) {
    guard count > 0 else { return }
    index = ((index + distance) % count + count) % count
  }

  /// Clamps the selection after the list has changed.
  mutating func settle(count: Int) { index = max(min(index, count - 1), 0) }

  /// The first item in view if `page` items fit: the selected item is in the middle where possible.
  func first(count: Int, page: Int) -> Int { max(min(index - page / 2, count - page), 0) }
}
