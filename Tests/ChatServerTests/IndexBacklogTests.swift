import ChatLog
import Testing

@testable import ChatServer

@Suite struct IndexBacklogTests {
  private static let fullCommit = 4000

  /// - Returns: a backlog that is above its limit by a commit.
  private func backlog() -> IndexBacklog {
    var backlog = IndexBacklog()
    for _ in 0...IndexBacklog.limit / Self.fullCommit { backlog.store(Self.fullCommit, bytes: 1 << 20) }
    return backlog
  }

  @Test func `a slice is due above the limit, and no more when the index is complete`() {
    var backlog = IndexBacklog()
    backlog.store(IndexBacklog.limit, bytes: 1 << 20)
    #expect(!backlog.isDue)
    backlog.store(1, bytes: 1)
    #expect(backlog.isDue)
    backlog.index(DeferredWork(hasMore: false, indexed: 0))
    backlog.store(Self.fullCommit, bytes: 1 << 20)
    #expect(!backlog.isDue)
  }

  @Test func `a few messages, or a few bytes, are not due by themselves`() {
    var backlog = backlog()
    // The interval begins again, and the number of unindexed messages stays.
    backlog.index(nil)
    backlog.store(10, bytes: 1000)
    #expect(!backlog.isDue)
    backlog.store(1, bytes: 1 << 20)
    #expect(backlog.isDue)
    backlog.index(nil)
    backlog.store(1000, bytes: 1000)
    #expect(backlog.isDue)
  }

  @Test(arguments: [nil, DeferredWork(hasMore: false, indexed: nil), DeferredWork(hasMore: true, indexed: 0)])
  func `after a slice that has added nothing, the next one waits for a commit`(work: DeferredWork?) {
    var backlog = backlog()
    for _ in 0..<10 {
      #expect(backlog.isDue)
      backlog.index(work)
      #expect(!backlog.isDue)
      backlog.store(Self.fullCommit, bytes: 1 << 20)
    }
  }

  @Test func `a commit waits for few slices, however small they are`() {
    var backlog = backlog()
    for _ in 0..<10 {
      var slices = 0
      while backlog.isDue {
        backlog.index(DeferredWork(hasMore: true, indexed: 1))
        slices += 1
      }
      #expect(slices == IndexBacklog.mostSlices)
      backlog.store(Self.fullCommit, bytes: 1 << 20)
    }
  }

  @Test func `full slices keep up with full commits, and gain when the index is far behind`() {
    var backlog = IndexBacklog()
    var unindexed = 10 * IndexBacklog.limit
    backlog.store(unindexed, bytes: 1 << 20)
    for _ in 0..<1000 {
      while backlog.isDue {
        backlog.index(DeferredWork(hasMore: true, indexed: 2000))
        unindexed -= 2000
      }
      backlog.store(Self.fullCommit, bytes: 1 << 20)
      unindexed += Self.fullCommit
    }
    #expect(unindexed <= IndexBacklog.limit + Self.fullCommit)
  }
}
