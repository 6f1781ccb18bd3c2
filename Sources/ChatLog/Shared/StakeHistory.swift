import ChatProtocol
import ChatRecords
import DequeModule

/// The stakes of the last changes in a shared feed: a proposal whose decision did not take one of them into account is
/// outdated.
public struct StakeHistory: Sendable {
  private var stakes: Deque<(place: Int, stake: Stake)> = []
  /// Stakes at or before this place are forgotten.
  private var forgotten: Int
  /// The place up to which the history is complete.
  public private(set) var reached: Int

  /// Decisions are a fraction of a second old when they are checked.
  private static let capacity = 20_000

  /// - Parameter place: the history begins behind it.
  public init(after place: Int) {
    forgotten = place
    reached = place
  }

  public mutating func note(_ stake: Stake, at place: Int) {
    stakes.append((place, stake))
    reached = max(reached, place)
    if stakes.count > Self.capacity, let first = stakes.popFirst() { forgotten = max(forgotten, first.place) }
  }

  /// There are no other stakes up to this place.
  public mutating func reach(_ place: Int) { reached = max(reached, place) }

  /// - Parameter received: the place up to which the hub had received the feed.
  /// - Returns: the place of the last change that the decision should have taken into account; nil if there is none.
  public func conflict(with stake: Stake, after received: Int) -> Int? {
    // An older decision may conflict with a forgotten change.
    guard received >= forgotten else { return reached }
    for entry in stakes.reversed() {
      if entry.place <= received { return nil }
      if stake.conflicts(with: entry.stake) { return entry.place }
    }
    return nil
  }
}
