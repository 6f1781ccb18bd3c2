import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// Messages that are redacted between a read and the delivery of its result.
@Suite(.computing) struct RedactionWatchTests {
  private static func message(_ id: Int) throws -> StoredMessage {
    StoredMessage(try .said("text \(id)"), id: id, sequence: id, time: .noon)
  }

  @Test func `a page shows messages redacted meanwhile without text, and a search omits them`() throws {
    let page = Page(messages: try (1...4).map { try Self.message($0) }, hasMore: true)
    var watch = RedactionWatch()
    watch.note(try Self.message(1))
    let reads = [watch.begin(), watch.begin()]
    watch.note(try Self.message(2))
    let later = watch.begin()
    watch.note(try Self.message(4))
    let paged = watch.end(reads[0], page, isSearch: false)
    let told = try #require(paged)
    #expect(told.messages.map(\.text) == ["text 1", "", "text 3", ""])
    #expect(told.messages.map(\.kind) == [.text, .redacted, .text, .redacted])
    #expect(told.messages.map(\.sequence) == [1, 2, 3, 4])
    #expect(told.hasMore)
    let found = watch.end(reads[1], page, isSearch: true)
    #expect(found?.messages.map(\.id) == [1, 3])
    let rest = watch.end(later, page, isSearch: false)
    #expect(rest?.messages.map(\.text) == ["text 1", "text 2", "text 3", ""])
    let nothing = watch.end(watch.begin(), nil, isSearch: false)
    #expect(nothing == nil)
  }

  @Test(arguments: SeededGenerator.seeds(20))
  func `reads may end in any order`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var watch = RedactionWatch()
    /// Each with the messages that were redacted since it began.
    var reads: [(began: Int, gone: Set<Int>)] = []
    let page = Page(messages: try (1...30).map { try Self.message($0) }, hasMore: false)
    for _ in 0..<300 {
      switch generator.number(0...3) {
      case 0: reads.append((watch.begin(), []))
      case 1:
        let id = generator.number(1...30)
        watch.note(try Self.message(id))
        for index in reads.indices { reads[index].gone.insert(id) }
      case 2:
        guard !reads.isEmpty else { continue }
        let read = reads.remove(at: generator.number(0...reads.count - 1))
        let told = watch.end(read.began, page, isSearch: false)
        #expect(told?.messages.filter { $0.kind == .redacted }.map(\.id) == read.gone.sorted(), "\(generator)")
      default: break
      }
    }
  }
}
