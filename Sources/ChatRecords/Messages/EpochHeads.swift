import ChatProtocol

/// The head of a conversation at the end of each epoch of its log.
public struct EpochHeads: Hashable, Sendable {
  /// The epochs in which a message was stored in the conversation, in order, each with the head before the epoch.
  public private(set) var beginnings: [Beginning]
  /// The heads of epochs before this one are unknown.
  public private(set) var firstKnown: Int

  public struct Beginning: Hashable, Sendable {
    /// The number of the epoch in the `EpochList`.
    public var epoch: Int
    /// The last message before the epoch; 0 if there was none.
    public var head: Int

    public init(epoch: Int, head: Int) {
      self.epoch = epoch
      self.head = head
    }
  }

  /// Maximum number of beginnings; older ones are dropped.
  public static let capacity = 32

  /// - Parameters:
  ///   - beginnings: in order. If there are `capacity` of them, earlier ones may be missing.
  ///   - firstKnown: the heads of earlier epochs are unknown.
  public init(_ beginnings: [Beginning] = [], firstKnown: Int = 0) {
    self.beginnings = beginnings
    self.firstKnown = firstKnown
    if beginnings.count >= Self.capacity { self.firstKnown = max(firstKnown, beginnings.first?.epoch ?? 0) }
  }

  /// Records that a message is stored in an epoch. Has no effect unless it is the first message of the epoch.
  /// - Parameter head: the last message before the stored one.
  public mutating func note(epoch: Int, head: Int) {
    guard epoch > beginnings.last?.epoch ?? 0 else { return }
    beginnings.append(Beginning(epoch: epoch, head: head))
    guard beginnings.count > Self.capacity else { return }
    beginnings.removeFirst()
    firstKnown = max(firstKnown, beginnings.first?.epoch ?? 0)
  }

  /// Adds the beginnings of later epochs.
  public mutating func add(_ later: EpochHeads) {
    for beginning in later.beginnings { note(epoch: beginning.epoch, head: beginning.head) }
  }

  /// - Parameter head: the current head of the conversation.
  /// - Returns: the last message stored up to the end of the epoch; nil if that is unknown.
  public func head(atEndOf epoch: Int, now head: Int) -> Int? {
    guard epoch >= firstKnown else { return nil }
    return beginnings.first { $0.epoch > epoch }?.head ?? head
  }
}
