/// The epochs of a log, in the order in which they began. An epoch is the stretch of a log that one run of a server
/// wrote; its word is random.
///
/// A log that was restored from a copy does not know the epochs that began after the copy was made, so that a cursor
/// from one of them is recognized, however long the log is by now.
public struct EpochList: Hashable, Sendable {
  /// The one in which messages are stored now.
  public let current: Epoch
  /// The place of `current` among all of them, from 1.
  public let number: Int
  private let earlier: [Epoch: Int]

  /// Older ones are forgotten: a cursor of one of them is refused.
  public static let capacity = 1000

  /// - Parameter earlier: the epochs before `current`, each with its place.
  public init(_ current: Epoch, number: Int = 1, earlier: [Epoch: Int] = [:]) {
    self.current = current
    self.number = number
    self.earlier = earlier
  }

  /// - Parameter epoch: another one than these.
  public func followed(by epoch: Epoch) -> EpochList {
    var earlier = earlier
    earlier[current] = number
    earlier = earlier.filter { $0.value > number + 1 - Self.capacity }
    return EpochList(epoch, number: number + 1, earlier: earlier)
  }

  /// - Returns: the place of an epoch; nil where this log has none of that name.
  public func number(of epoch: Epoch) -> Int? { epoch == current ? number : earlier[epoch] }
}
