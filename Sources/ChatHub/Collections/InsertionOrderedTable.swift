/// A dictionary in insertion order. Insertion, removal and look-up take constant time.
struct InsertionOrderedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var places: [Key: Int] = [:]
  /// A removed entry leaves a gap; the array is compacted when there are more gaps than values.
  private var order: [Entry?] = []

  struct Entry {
    /// The key as first inserted.
    let key: Key
    var value: Value

    fileprivate mutating func change<Outcome>(_ change: (inout Value) -> Outcome) -> Outcome { change(&value) }
  }

  var count: Int { places.count }
  var isEmpty: Bool { places.isEmpty }

  var entries: some Sequence<Entry> { order.lazy.compactMap { $0 } }

  func contains(_ key: Key) -> Bool { places[key] != nil }

  subscript(key: Key) -> Value? { self.entry(key)?.value }

  func entry(_ key: Key) -> Entry? { places[key].flatMap { order[$0] } }

  /// - Returns: false if the key has a value already, which stays.
  @discardableResult
  mutating func insert(_ key: Key, _ value: Value) -> Bool {
    guard places[key] == nil else { return false }
    places[key] = order.count
    order.append(Entry(key: key, value: value))
    return true
  }

  /// Changes a value in place.
  /// - Returns: nil if the key has no value.
  @discardableResult
  mutating func update<Outcome>(_ key: Key, _ change: (inout Value) -> Outcome) -> Outcome? {
    guard let place = places[key] else { return nil }
    // Optional chaining passes the value itself, not a copy.
    return order[place]?.change(change)
  }

  @discardableResult
  mutating func remove(_ key: Key) -> Value? {
    guard let place = places.removeValue(forKey: key) else { return nil }
    let value = order[place]?.value
    order[place] = nil
    if order.count > 32, order.count > 2 * places.count { closeGaps() }
    return value
  }

  private mutating func closeGaps() {
    order = order.filter { $0 != nil }
    for (place, entry) in order.enumerated() {
      if let entry { places[entry.key] = place }
    }
  }
}
