import Synchronization

/// The size of the slices of one kind of maintenance. The database ends a statement that takes too long, and the same
/// slice would take too long again: the next one is smaller. After successes, slices grow again.
final class PostgresSlices: Sendable {
  private let size = Mutex(Size())

  /// A part of the full size.
  struct Size: Sendable {
    private var divisor = 1
    private var successes = 0

    /// Makes a slice of some thousand messages one of a single message.
    private static let greatestDivisor = 4096
    /// Slices grow after this many, because one that takes too long holds up the writer.
    private static let successesToGrow = 100

    /// - Returns: the limit of a slice, at least 1.
    func part(of full: Int) -> Int { max(full / divisor, 1) }

    fileprivate mutating func succeed() {
      guard divisor > 1 else { return }
      successes += 1
      guard successes >= Self.successesToGrow else { return }
      (divisor, successes) = (divisor / 2, 0)
    }

    /// - Returns: whether the next slice is smaller.
    fileprivate mutating func shrink() -> Bool {
      successes = 0
      guard divisor < Self.greatestDivisor else { return false }
      divisor = min(divisor * 4, Self.greatestDivisor)
      return true
    }
  }

  /// - Parameter body: carries out a slice, and returns whether there is more to do.
  /// - Returns: whether there is more to do, which is so if a slice took too long and the next one is smaller.
  func run(_ body: (Size) throws(LogError) -> Bool) throws(LogError) -> Bool {
    let current = size.withLock { $0 }
    do throws(LogError) {
      let hasMore = try body(current)
      size.withLock { $0.succeed() }
      return hasMore
    } catch {
      guard error.cause == .interrupted, size.withLock({ $0.shrink() }) else { throw error }
      return true
    }
  }
}
