import ChatProtocol
import ChatRecords

/// The skeletons of a set of names, to detect a name that could be mistaken for one of them.
struct ConfusableIndex: Hashable, Sendable {
  private var skeletons: [String: Count] = [:]

  private struct Count: Hashable, Sendable {
    var names = 0
    /// The number of these names that are not ASCII.
    var foreign = 0
  }

  /// - Parameter name: must not be in the set yet.
  mutating func insert(_ name: some NameWithSkeleton) { add(1, name) }
  /// - Parameter name: must be in the set.
  mutating func remove(_ name: some NameWithSkeleton) { add(-1, name) }

  private mutating func add(_ change: Int, _ name: some NameWithSkeleton) {
    let skeleton = name.skeleton
    var count = skeletons[skeleton] ?? Count()
    count.names += change
    if !name.isASCII { count.foreign += change }
    skeletons[skeleton] = count.names > 0 ? count : nil
  }

  /// Whether a name in the set looks like this one. At least one of the two must not be ASCII: names that any keyboard
  /// can type are distinguishable on close inspection, and were always allowed.
  /// - Parameter name: must not be in the set.
  func contains(lookalikeOf name: some NameWithSkeleton) -> Bool {
    guard !skeletons.isEmpty, let count = skeletons[name.skeleton] else { return false }
    return name.isASCII ? count.foreign > 0 : count.names > 0
  }
}
