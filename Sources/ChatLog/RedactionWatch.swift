import ChatProtocol
import ChatRecords
import DequeModule

/// Ensures that a page read before a message was redacted, but delivered after the redaction was confirmed, does not
/// contain the message's text.
public struct RedactionWatch: Sendable {
  /// Ids of the messages redacted since the oldest running read began.
  private var redacted: Deque<Int> = []
  /// Number of messages redacted before those.
  private var forgotten = 0
  /// Number of running reads by the count of redacted messages at their start.
  private var reads: [Int: Int] = [:]

  public init() {}

  /// A read begins.
  /// - Returns: the value to pass to `end`.
  public mutating func begin() -> Int {
    let count = forgotten + redacted.count
    reads[count, default: 0] += 1
    return count
  }

  /// The message was redacted; reads that begin later do not see its text.
  public mutating func note(_ message: StoredMessage) {
    redacted.append(message.id)
    forget()
  }

  /// - Parameters:
  ///   - began: the value that `begin` returned.
  ///   - page: the page read; nil if there is none.
  /// - Returns: the page as it would be read now. A search result no longer contains the redacted messages.
  public mutating func end(_ began: Int, _ page: Page?, isSearch: Bool) -> Page? {
    let count = (reads[began] ?? 1) - 1
    reads[began] = count > 0 ? count : nil
    defer { forget() }
    guard var page, forgotten + redacted.count > began else { return page }
    let gone = Set(redacted.suffix(forgotten + redacted.count - began))
    if isSearch {
      page.messages.removeAll { gone.contains($0.id) }
    } else {
      page.messages = page.messages.map { gone.contains($0.id) ? $0.redacted : $0 }
    }
    return page
  }

  private mutating func forget() {
    let count = min(max((reads.keys.min() ?? .max) - forgotten, 0), redacted.count)
    redacted.removeFirst(count)
    forgotten += count
  }
}
