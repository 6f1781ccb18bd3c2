import ChatProtocol

/// The epochs of a log, in chronological order. An epoch is the part of a log that one run of a server wrote; its name
/// is random.
///
/// A log that was restored from a copy does not know the epochs that began after the copy was made. A cursor from such
/// an epoch is therefore recognized, however long the log has become.
public struct EpochList: Hashable, Sendable {
  /// The epoch of new messages.
  public let current: Epoch
  /// The number of `current` among all epochs, from 1.
  public let number: Int
  private let earlier: [Epoch: Int]

  /// Maximum number of epochs; a cursor of an older epoch is refused.
  public static let capacity = 1000

  /// - Parameter earlier: the epochs before `current`, each with its number.
  public init(_ current: Epoch, number: Int = 1, earlier: [Epoch: Int] = [:]) {
    self.current = current
    self.number = number
    self.earlier = earlier
  }

  /// - Parameter epoch: must not be in the list yet.
  public func followed(by epoch: Epoch) -> EpochList {
    var earlier = earlier
    earlier[current] = number
    earlier = earlier.filter { $0.value > number + 1 - Self.capacity }
    return EpochList(epoch, number: number + 1, earlier: earlier)
  }

  /// - Returns: the number of the epoch; nil if this log has no such epoch.
  public func number(of epoch: Epoch) -> Int? { epoch == current ? number : earlier[epoch] }
}
