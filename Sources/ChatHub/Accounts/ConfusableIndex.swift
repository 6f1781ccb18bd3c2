import ChatProtocol

/// How some names look, to tell whether another one could be taken for one of them.
struct ConfusableIndex: Hashable, Sendable {
  private var looks: [String: Count] = [:]

  private struct Count: Hashable, Sendable {
    var names = 0
    /// Those of them that are not ASCII.
    var foreign = 0
  }

  /// - Parameter name: not among them yet.
  mutating func insert(_ name: some NameWithLook) { add(1, name) }
  /// - Parameter name: among them.
  mutating func remove(_ name: some NameWithLook) { add(-1, name) }

  private mutating func add(_ change: Int, _ name: some NameWithLook) {
    let look = name.skeleton
    var count = looks[look] ?? Count()
    count.names += change
    if !name.isASCII { count.foreign += change }
    looks[look] = count.names > 0 ? count : nil
  }

  /// Whether one of them looks like this one. What can be typed on any keyboard can be told apart by whoever looks
  /// closely, and was always allowed: at least one of the two is not ASCII.
  /// - Parameter name: not among them.
  func contains(lookalikeOf name: some NameWithLook) -> Bool {
    guard !looks.isEmpty, let count = looks[name.skeleton] else { return false }
    return name.isASCII ? count.foreign > 0 : count.names > 0
  }
}
