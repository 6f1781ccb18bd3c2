/// How far somebody has got in one conversation: `target epoch sequence` on the wire.
public struct Cursor: Hashable, Sendable {
  public var target: Target
  public var epoch: Epoch
  /// The last message they have; 0 where they have none.
  public var sequence: Int

  public init(target: Target, epoch: Epoch, sequence: Int) {
    self.target = target
    self.epoch = epoch
    self.sequence = sequence
  }
}
