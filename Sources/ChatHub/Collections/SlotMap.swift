/// A dictionary whose values stay in one slot until they are removed, and are read and changed there in place. A plain
/// dictionary moves a value out to change it, and so does an optional: that took most of the time spent on a line.
struct SlotMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var places: [Key: Int] = [:]
  /// The first slot stands for all values that do not exist.
  private var slots: ContiguousArray<Value>
  private var free: [Int] = []

  /// - Parameter placeholder: the value of a slot without a value.
  init(placeholder: Value) { slots = [placeholder] }

  var count: Int { places.count }
  var isEmpty: Bool { places.isEmpty }
  /// The order differs between runs.
  var keys: some Collection<Key> { places.keys }
  /// The keys with the slots of their values. The order differs between runs.
  var entries: some Sequence<(key: Key, place: Int)> { places.lazy.map { ($0.key, $0.value) } }

  func contains(_ key: Key) -> Bool { places[key] != nil }

  /// The value's slot, valid until the value is removed.
  func place(of key: Key) -> Int? { places[key] }

  /// A copy of the value.
  subscript(key: Key) -> Value? { places[key].map { slots[$0] } }

  /// - Parameter place: the slot of an existing value. A place without a slot, and the first slot, hold the placeholder
  ///   and keep no change. The slot of a removed value holds the placeholder, too, but keeps changes until it is
  ///   reused.
  subscript(at place: Int) -> Value {
    _read { yield slots[slots.indices.contains(place) ? place : 0] }
    _modify {
      let place = slots.indices.contains(place) ? place : 0
      let placeholder = place == 0 ? slots[0] : nil
      defer { if let placeholder { slots[0] = placeholder } }
      yield &slots[place]
    }
  }

  /// Changes a value in place.
  /// - Returns: nil if the key has no value.
  @discardableResult
  mutating func update<Outcome>(_ key: Key, _ change: (inout Value) -> Outcome) -> Outcome? {
    guard let place = places[key] else { return nil }
    return change(&slots[place])
  }

  /// Adds a value, or replaces the existing one.
  mutating func insert(_ key: Key, _ value: Value) {
    if let place = places[key] {
      slots[place] = value
    } else if let place = free.popLast() {
      places[key] = place
      slots[place] = value
    } else {
      places[key] = slots.count
      slots.append(value)
    }
  }

  @discardableResult
  mutating func remove(_ key: Key) -> Value? {
    guard let place = places.removeValue(forKey: key) else { return nil }
    free.append(place)
    let value = slots[place]
    slots[place] = slots[0]
    return value
  }

  mutating func removeAll() { self = SlotMap(placeholder: slots[0]) }
}
