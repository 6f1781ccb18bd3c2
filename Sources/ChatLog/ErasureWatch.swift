import ChatProtocol
import DequeModule

/// Sees to it that a page which was read before a message was erased, and is told after that was confirmed, does not
/// tell what the message said.
public struct ErasureWatch: Sendable {
  /// The ids of the messages that were erased since the oldest read began that is under way.
  private var erased: Deque<Int> = []
  /// How many were erased before those.
  private var forgotten = 0
  /// How many reads are under way that began when so many had been erased.
  private var reads: [Int: Int] = [:]

  public init() {}

  /// A read begins.
  /// - Returns: what to end it with.
  public mutating func begin() -> Int {
    let count = forgotten + erased.count
    reads[count, default: 0] += 1
    return count
  }

  /// Whoever reads from now on reads nothing of it.
  public mutating func note(_ message: StoredMessage) {
    erased.append(message.id)
    forget()
  }

  /// - Parameters:
  ///   - began: what `begin` returned.
  ///   - page: what was read, nil where it was none.
  /// - Returns: the page as it would be read now. What a search found it finds no more.
  public mutating func end(_ began: Int, _ page: Page?, isSearch: Bool) -> Page? {
    let count = (reads[began] ?? 1) - 1
    reads[began] = count > 0 ? count : nil
    defer { forget() }
    guard var page, forgotten + erased.count > began else { return page }
    let gone = Set(erased.suffix(forgotten + erased.count - began))
    if isSearch {
      page.messages.removeAll { gone.contains($0.id) }
    } else {
      page.messages = page.messages.map { gone.contains($0.id) ? $0.erased : $0 }
    }
    return page
  }

  private mutating func forget() {
    let count = min(max((reads.keys.min() ?? .max) - forgotten, 0), erased.count)
    erased.removeFirst(count)
    forgotten += count
  }
}
