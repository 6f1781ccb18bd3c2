import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// The content of a page of a conversation.
@Suite(.computing) struct PageTests {
  private static let bounds = [Int.min, -1, 0, 1, 2, 3, 4, 5, 6, 7, .max - 1, .max]

  /// Compared with a model of arrays.
  @Test(arguments: LogKind.allCases)
  func `every range, head and limit`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try fill(log)
      for bound in Self.bounds {
        for head in [Int.min, 0, 1, 3, 5, 6, .max] {
          for limit in [Int.min, -1, 0, 1, 2, 5, 6, .max] {
            let known = (1...5).filter { $0 <= head }
            let after = known.filter { $0 > bound }
            #expect(
              try numbers(log.page(.after(bound), head: head, limit: limit))
                == expected(after.prefix(max(limit, 0)), of: after))
            let before = known.filter { $0 < bound }
            #expect(
              try numbers(log.page(.before(bound), head: head, limit: limit))
                == expected(before.suffix(max(limit, 0)), of: before))
            #expect(
              try numbers(log.page(.latest, head: head, limit: limit))
                == expected(known.suffix(max(limit, 0)), of: known))
          }
        }
      }
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a page ends with the message that exceeds its size and has at least one message`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.store((1...5).map { _ in try .said("five!") })
      for (bytes, count) in [
        (1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3), (24, 5), (25, 5), (Int.max, 5), (0, 0), (-1, 0),
      ] {
        for range in [HistoryRange.latest, .after(0), .before(9)] {
          let page = try log.page(range, maximumBytes: bytes)
          #expect(page.messages.count == count, "\(bytes) \(range)")
          #expect(page.hasMore == (count < 5))
        }
      }
      #expect(try log.page(.latest, maximumBytes: 6).messages.map(\.sequence) == [4, 5])
      #expect(try log.page(.after(1), maximumBytes: 6).messages.map(\.sequence) == [2, 3])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a message of several lines is one message, whose words are found`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let text = "```\n\tlet disk = 1\\n\n  full\n```"
      try log.store(.said("before"))
      try log.store(.said(text, key: "k"))
      try log.finishIndexing()
      #expect(try log.latest().map(\.text) == ["before", text])
      #expect(try log.find("full disk").messages.map(\.text) == [text])
      #expect(try log.find("\"n full\"").messages.map(\.text) == [text])
      guard case .duplicate(let known) = try log.append([.said(text, key: "k")], at: .noon)[0] else {
        Issue.record("not recognised")
        return
      }
      #expect(known.sequence == 2)
      guard case .conflict = try log.append([.said(text.replacing("\n", with: " "), key: "k")], at: .noon)[0] else {
        Issue.record("another text")
        return
      }
      // For readers that get each line with tags of its own, the message is larger than its text.
      #expect(try log.page(.after(1), maximumBytes: 200).messages.count == 1)
      try log.store(.said("after"))
      #expect(try log.page(.after(1), maximumBytes: 200).messages.count == 1)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `consecutive pages return each message once, in both directions`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for number in 1...100 { try log.store(.said("m\(number)")) }
      var forward: [StoredMessage] = []
      var page = Page(messages: [], hasMore: true)
      while page.hasMore {
        page = try log.page(.after(forward.last?.sequence ?? 0), limit: 7)
        forward += page.messages
      }
      var backward: [StoredMessage] = []
      page.hasMore = true
      while page.hasMore {
        page = try log.page(.before(backward.first?.sequence ?? .max), limit: 7)
        backward = page.messages + backward
      }
      #expect(forward.map(\.text) == (1...100).map { "m\($0)" })
      #expect(forward == backward)
    }
  }

  private func fill(_ log: any MessageLog) throws {
    try log.store((1...5).map { try .said("m\($0)") })
    try log.store(.said("elsewhere", in: "#other"))
  }

  private func numbers(_ page: Page) -> Numbers {
    Numbers(sequences: page.messages.map(\.sequence), hasMore: page.hasMore)
  }

  private func expected(_ part: ArraySlice<Int>, of all: [Int]) -> Numbers {
    Numbers(sequences: Array(part), hasMore: part.count < all.count)
  }

  private struct Numbers: Equatable {
    var sequences: [Int]
    var hasMore: Bool
  }
}
