/// A client's position in one conversation: `target epoch sequence` on the wire.
public struct Cursor: Hashable, Sendable {
  public var target: Target
  public var epoch: Epoch
  /// The last message that the client has; 0 if it has none.
  public var sequence: Int

  public init(target: Target, epoch: Epoch, sequence: Int) {
    self.target = target
    self.epoch = epoch
    self.sequence = sequence
  }
}
