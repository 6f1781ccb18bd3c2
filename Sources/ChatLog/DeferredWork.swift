/// The outcome of a call of `MessageLog.catchUp`.
public struct DeferredWork: Hashable, Sendable {
  /// Whether there is more to do.
  public var hasMore: Bool
  /// The number of messages added to the search index. Nil if another program was extending it: nothing is known about
  /// the index then.
  public var indexed: Int?

  public init(hasMore: Bool, indexed: Int?) {
    self.hasMore = hasMore
    self.indexed = indexed
  }
}
