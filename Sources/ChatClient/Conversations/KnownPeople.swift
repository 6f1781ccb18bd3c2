import ChatProtocol

/// The person behind each name as last reported by the server, by the epoch of the direct conversation.
struct KnownPeople: Sendable {
  private var epochs: [Nickname: Epoch] = [:]

  /// Maximum number of names; further ones are not learned.
  private static let maximumCount = 20_000

  subscript(name: Nickname) -> Epoch? { epochs[name] }

  /// - Returns: whether the name belonged to another person before.
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
