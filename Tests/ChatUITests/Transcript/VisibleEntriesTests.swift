import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The work that hidden entries cause.
@Suite
struct VisibleEntriesTests {
  private let author = Nickname(testing: "neha")

  private enum Place: CaseIterable { case end, beginning, middle, between }

  /// Forty visible messages, and so many of an ignored person.
  private func transcript(hidden: Int, at place: Place) -> Transcript {
    var transcript = Transcript()
    func append(_ name: String) {
      let message = TranscriptEntry.Message(author: Nickname(testing: name), text: "x", isOwn: false, isMention: false)
      transcript.append(.message(message), at: .noon)
    }
    if place == .beginning { for _ in 0..<hidden { append("mallory") } }
    for number in 0..<40 {
      if place == .between { for _ in 0..<hidden / 40 { append("mallory") } }
      append("zoe")
      if place == .middle, number == 20 { for _ in 0..<hidden { append("mallory") } }
    }
    if place == .end { for _ in 0..<hidden { append("mallory") } }
    return transcript
  }

  /// The most entries that one operation passes.
  private func work(hidden: Int, at place: Place) -> Int {
    let transcript = transcript(hidden: hidden, at: place)
    var layout = TranscriptLayout(width: 80, offset: { _ in 0 })
    layout.filter.ignored = [Nickname(testing: "mallory")]
    let inMiddle = transcript.entries[transcript.entries.count / 2].id
    let scrolls: [Tab.Scroll] = [.bottom] + [0, inMiddle, .max].map { .row(0, ofEntry: $0) }
    let operations: [(TranscriptWalk) -> Void] =
      scrolls.flatMap { scroll -> [(TranscriptWalk) -> Void] in
        [
          { _ = $0.page(at: scroll) }, { _ = $0.settled(scroll) }, { _ = $0.rowsAbove(scroll) },
          { _ = $0.scroll(from: scroll, by: -23) }, { _ = $0.scroll(from: scroll, by: 23) },
        ]
      } + [
        { _ = $0.top }, { _ = $0.isFull }, { _ = $0.scroll(toShow: inMiddle) }, { _ = $0.scroll(around: inMiddle) },
      ]
    return operations.map { operation in
      let walk = TranscriptWalk(transcript, layout: layout, height: 24, author: author)
      operation(walk)
      return walk.visible.passed
    }.max() ?? 0
  }

  @Test(.computing, arguments: Place.allCases)
  private func `hidden entries are passed only a few times, wherever they are`(place: Place) {
    let work = work(hidden: 20_000, at: place)
    #expect(work <= 20_000 * 5, "\(work)")
  }

  @Test
  func `a page of a transcript whose last entries are hidden shows those before them`() {
    let transcript = transcript(hidden: 5000, at: .end)
    var layout = TranscriptLayout(width: 80, offset: { _ in 0 })
    layout.filter.ignored = [Nickname(testing: "mallory")]
    let walk = TranscriptWalk(transcript, layout: layout, height: 24, author: author)
    #expect(walk.page(at: .bottom).rows.count == 24)
    // A tail of hidden entries is searched once, and none of them searches for the entry above it.
    #expect(walk.visible.passed < 5000 + 200, "\(walk.visible.passed)")
    #expect(walk.page(at: walk.scroll(from: .bottom, by: -3)).messagesBelow == 3)
  }
}
