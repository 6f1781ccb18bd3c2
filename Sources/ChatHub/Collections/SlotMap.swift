/// A dictionary whose values stay in one slot until they are removed, and are read and changed there in place. A plain
/// dictionary moves a value out to change it, which took most of the time spent on a line.
struct SlotMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var places: [Key: Int] = [:]
  private var slots: ContiguousArray<Value?> = []
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
    _read {
      if let place = places[key] { yield slots[place] } else { yield nil }
    }
    _modify {
      if let place = places[key] {
        yield &slots[place]
      } else {
        var none: Value?
        yield &none
      }
    }
  }

  /// - Parameter place: the slot of an existing value; any other slot holds nil, and keeps no value.
  subscript(at place: Int) -> Value? {
    _read {
      if slots.indices.contains(place) { yield slots[place] } else { yield nil }
    }
    _modify {
      if slots.indices.contains(place) {
        yield &slots[place]
      } else {
        var none: Value?
        yield &none
      }
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
