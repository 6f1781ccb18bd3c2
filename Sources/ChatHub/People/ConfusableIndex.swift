import ChatProtocol
import ChatRecords

/// The skeletons of a set of names, to detect a name that could be mistaken for one of them.
struct ConfusableIndex: Hashable, Sendable {
  private var looks: [String: Count] = [:]

  private struct Count: Hashable, Sendable {
    var names = 0
    /// The number of these names that are not ASCII.
    var foreign = 0
  }

  /// - Parameter name: must not be in the set yet.
  mutating func insert(_ name: some NameWithLook) { add(1, name) }
  /// - Parameter name: must be in the set.
  mutating func remove(_ name: some NameWithLook) { add(-1, name) }

  private mutating func add(_ change: Int, _ name: some NameWithLook) {
    let look = name.skeleton
    var count = looks[look] ?? Count()
    count.names += change
    if !name.isASCII { count.foreign += change }
    looks[look] = count.names > 0 ? count : nil
  }

  /// Whether a name in the set looks like this one. At least one of the two must not be ASCII: names that any keyboard
  /// can type are distinguishable on close inspection, and were always allowed.
  /// - Parameter name: must not be in the set.
  func contains(lookalikeOf name: some NameWithLook) -> Bool {
    guard !looks.isEmpty, let count = looks[name.skeleton] else { return false }
    return name.isASCII ? count.foreign > 0 : count.names > 0
  }
}
