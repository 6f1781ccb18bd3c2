import ChatProtocol

/// The people whose messages are not shown. Saved for each server.
struct IgnoredPeople: Hashable, Sendable {
  private(set) var names: Set<Nickname> = []

  static let maximum = 500

  init(_ names: some Sequence<Nickname> = []) { self.names = Set(names.prefix(Self.maximum)) }

  func contains(_ name: Nickname) -> Bool { !names.isEmpty && names.contains(name) }

  /// Whether it is the conversation with an ignored person.
  func contains(_ target: Target) -> Bool {
    if case .person(let name) = target { contains(name) } else { false }
  }

  /// The ignored name that is written like this, with or without a leading `@`.
  func name(_ text: Substring) -> Nickname? {
    Nickname(spaced: text.withoutPersonSign).flatMap { contains($0) ? $0 : nil }
  }

  /// - Returns: false if there are too many.
  mutating func insert(_ name: Nickname) -> Bool {
    guard names.count < Self.maximum || names.contains(name) else { return false }
    names.insert(name)
    return true
  }

  /// - Returns: whether the name was ignored.
  mutating func remove(_ name: Nickname) -> Bool { names.remove(name) != nil }
}
