import ChatProtocol

/// Which person each name stood for when the server last said so, by the epoch of the conversation with them.
struct KnownPeople: Sendable {
  private var epochs: [Nickname: Epoch] = [:]

  /// Beyond so many none is learned.
  private static let maximumCount = 20_000

  subscript(name: Nickname) -> Epoch? { epochs[name] }

  /// - Returns: whether the name stood for somebody else before.
  mutating func note(_ name: Nickname, _ epoch: Epoch) -> Bool {
    guard epoch.person != nil else { return false }
    guard let known = epochs[name] else {
      if epochs.count < Self.maximumCount { epochs[name] = epoch }
      return false
    }
    epochs[name] = epoch
    return known.person != epoch.person
  }
}
