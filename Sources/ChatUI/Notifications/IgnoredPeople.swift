import ChatProtocol

/// The people whose messages are not shown. Saved for each server.
struct IgnoredPeople: Hashable, Sendable {
  private(set) var names: Set<Nickname> = []

  static let maximum = 500

  init(_ names: some Sequence<Nickname> = []) { self.names = Set(names.prefix(Self.maximum)) }

  func contains(_ name: Nickname) -> Bool { !names.isEmpty && names.contains(name) }

  /// - Returns: false if there are too many.
  mutating func insert(_ name: Nickname) -> Bool {
    guard names.count < Self.maximum || names.contains(name) else { return false }
    names.insert(name)
    return true
  }

  /// - Returns: whether the name was ignored.
  mutating func remove(_ name: Nickname) -> Bool { names.remove(name) != nil }
}
