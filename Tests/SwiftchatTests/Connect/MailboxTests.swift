import ChatProtocol
import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import swiftchat

/// Delivery to the main actor.
@Suite
struct MailboxTests {
  /// The events that were delivered to the main actor, in order.
  @MainActor
  private final class Receipts {
    private(set) var values: [Int] = []
    private(set) var batches: [Int] = []
    private var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    func receive(_ batch: [Int]) {
      values += batch
      batches.append(batch.count)
      for waiter in waiters where values.count >= waiter.count { waiter.continuation.resume() }
      waiters.removeAll { values.count >= $0.count }
    }

    func waitFor(_ count: Int) async {
      guard values.count < count else { return }
      await withCheckedContinuation { waiters.append((count, $0)) }
    }
  }

  @Test @MainActor
  func `a flood in one mailbox delays neither other mailboxes nor other work`() async {
    let receipts = Receipts()
    let other = Receipts()
    var before: Int?
    let flood = Mailbox<Int>(every: .zero, atMost: 10, isUrgent: { _ in false }) { receipts.receive($0) }
    let calm = Mailbox<Int>(every: .zero, atMost: 10, isUrgent: { _ in true }) {
      before = receipts.values.count
      other.receive($0)
    }
    var seen: (flood: Int, key: Int)?
    flood.post(Array(0..<100_000))
    calm.post([1])
    DispatchQueue.main.async {
      MainActor.assumeIsolated { seen = (receipts.values.count, other.values.count) }
    }
    await receipts.waitFor(100_000)
    #expect(receipts.values == Array(0..<100_000), "in order, each once")
    #expect(receipts.batches.allSatisfy { $0 <= 10 })
    #expect(before.map { $0 <= 20 } == true, "\(before ?? 0) came first")
    #expect(seen.map { $0.flood <= 20 && $0.key == 1 } == true)
  }

  @Test @MainActor
  func `values that wait are delivered at once on request, each once`() async {
    let receipts = Receipts()
    let mailbox = Mailbox<Int>(every: .seconds(60), atMost: 7, isUrgent: { $0 == 20 }) { receipts.receive($0) }
    mailbox.post(Array(0..<20))
    mailbox.flush()
    #expect(receipts.values == Array(0..<20))
    mailbox.flush()
    mailbox.post([20])
    await receipts.waitFor(21)
    #expect(receipts.values == Array(0...20))
  }

  @Test @MainActor
  func `values that are posted while others are delivered follow in order`() async {
    let receipts = Receipts()
    let mailbox = Mailbox<Int>(every: .milliseconds(1), atMost: 7, isUrgent: { $0 % 100 == 0 }) { receipts.receive($0) }
    let next = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<500 {
        next.withLock { next in
          mailbox.post([next, next + 1])
          next += 2
        }
      }
    }
    await receipts.waitFor(4000)
    #expect(receipts.values == Array(0..<4000))
  }
}
