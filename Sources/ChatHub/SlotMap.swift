/// Values by their keys, each in one place from its coming to its going. There it is read and changed: a dictionary
/// takes its values out to change them, and that was most of what a line cost.
struct SlotMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var places: [Key: Int] = [:]
  private var slots: ContiguousArray<Value?> = []
  private var free: [Int] = []

  var count: Int { places.count }
  var isEmpty: Bool { places.isEmpty }
  /// In no order that is the same twice.
  var keys: some Collection<Key> { places.keys }

  /// Where the value is until it is removed.
  func place(of key: Key) -> Int? { places[key] }

  /// Nil where there is no value. What is set anew here is lost, and nothing can be removed.
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

  /// - Parameter place: of a value that is there; at any other there is nil.
  subscript(at place: Int) -> Value? {
    _read { yield slots[place] }
    _modify { yield &slots[place] }
  }

  /// Replaces the value that the key has.
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
