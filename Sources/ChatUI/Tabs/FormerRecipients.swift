import ChatProtocol

/// The names that changed their owner while the input of a tab was being written: an Enter pressed at that moment must
/// not send the text to a new owner.
struct FormerRecipients: Hashable, Sendable {
  /// In the order of the changes.
  private var names: [Nickname] = []

  /// The limit for names: the oldest ones are forgotten. A server can make any number of names change their owners.
  static let maximum = 200

  func contains(_ name: Nickname) -> Bool { names.contains(name) }

  mutating func insert(_ name: Nickname) {
    names.removeAll { $0 == name }
    names.append(name)
    if names.count > Self.maximum { names.removeFirst() }
  }

  /// - Returns: whether it was there.
  mutating func remove(_ name: Nickname) -> Bool {
    guard let index = names.firstIndex(of: name) else { return false }
    names.remove(at: index)
    return true
  }
}
