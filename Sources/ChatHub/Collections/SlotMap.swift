/// A dictionary whose values stay in one slot until they are removed, and are read and changed there in place. A plain
/// dictionary moves a value out to change it, which took most of the time spent on a line.
struct SlotMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var places: [Key: Int] = [:]
  /// The first slot is always empty. It stands for a missing value, so that each access yields one slot: a second
  /// `yield` for nil would make the compiler copy the value.
  private var slots: ContiguousArray<Value?> = [nil]
  private var free: [Int] = []

  var count: Int { places.count }
  var isEmpty: Bool { places.isEmpty }
  /// The order differs between runs.
  var keys: some Collection<Key> { places.keys }

  func contains(_ key: Key) -> Bool { places[key] != nil }

  /// The value's slot, valid until the value is removed.
  func place(of key: Key) -> Int? { places[key] }

  /// Nil if there is no value. Assigning a value to a missing key has no effect, and assigning nil does not remove a
  /// value.
  subscript(key: Key) -> Value? {
    _read { yield slots[places[key] ?? 0] }
    _modify {
      let place = places[key] ?? 0
      defer { if place == 0 { slots[0] = nil } }
      yield &slots[place]
    }
  }

  /// - Parameter place: the slot of an existing value; any other slot holds nil, and keeps no value.
  subscript(at place: Int) -> Value? {
    _read { yield slots[slots.indices.contains(place) ? place : 0] }
    _modify {
      let place = slots.indices.contains(place) ? place : 0
      defer { if place == 0 { slots[0] = nil } }
      yield &slots[place]
    }
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
    defer { slots[place] = nil }
    return slots[place]
  }

  mutating func removeAll() { self = SlotMap() }
}
