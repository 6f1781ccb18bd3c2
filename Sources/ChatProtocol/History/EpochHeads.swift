/// Where a conversation stood when the epochs of its log ended.
public struct EpochHeads: Hashable, Sendable {
  /// The epochs in which something was stored in the conversation, in order, each with the head from before.
  public private(set) var beginnings: [Beginning]
  /// How the conversation stood at the end of an epoch before this one is not known.
  public private(set) var firstKnown: Int

  public struct Beginning: Hashable, Sendable {
    /// The place of the epoch in the `EpochList`.
    public var epoch: Int
    /// The last message before the first one of the epoch; 0 where there was none.
    public var head: Int

    public init(epoch: Int, head: Int) {
      self.epoch = epoch
      self.head = head
    }
  }

  /// Older beginnings are forgotten.
  public static let capacity = 32

  /// - Parameters:
  ///   - beginnings: in order; of as many as the capacity, those before may be missing.
  ///   - firstKnown: how the conversation stood before is not known.
  public init(_ beginnings: [Beginning] = [], firstKnown: Int = 0) {
    self.beginnings = beginnings
    self.firstKnown = firstKnown
    if beginnings.count >= Self.capacity { self.firstKnown = max(firstKnown, beginnings.first?.epoch ?? 0) }
  }

  /// A message is stored in an epoch; does nothing for one that is not the first of it.
  /// - Parameter head: the last message before.
  public mutating func note(epoch: Int, head: Int) {
    guard epoch > beginnings.last?.epoch ?? 0 else { return }
    beginnings.append(Beginning(epoch: epoch, head: head))
    guard beginnings.count > Self.capacity else { return }
    beginnings.removeFirst()
    firstKnown = max(firstKnown, beginnings.first?.epoch ?? 0)
  }

  /// Adds what is known of later epochs.
  public mutating func add(_ later: EpochHeads) {
    for beginning in later.beginnings { note(epoch: beginning.epoch, head: beginning.head) }
  }

  /// - Parameter head: where the conversation stands now.
  /// - Returns: the last message that was stored up to the end of an epoch; nil where that is not known.
  public func head(atEndOf epoch: Int, now head: Int) -> Int? {
    guard epoch >= firstKnown else { return nil }
    return beginnings.first { $0.epoch > epoch }?.head ?? head
  }
}
