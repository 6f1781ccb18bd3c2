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

  // Passing them again for each entry would take many minutes.
  @Test(.computing, .timeLimit(.minutes(5)), arguments: Place.allCases)
  private func `hidden entries are passed only a few times, wherever they are`(place: Place) {
    let transcript = transcript(hidden: 50_000, at: place)
    var layout = TranscriptLayout(width: 80, offset: { _ in 0 })
    layout.filter.ignored = [Nickname(testing: "mallory")]
    let inMiddle = transcript.entries[transcript.entries.count / 2].id
    func walk() -> TranscriptWalk { TranscriptWalk(transcript, layout: layout, height: 24, author: author) }
    for scroll in [.bottom] + [0, inMiddle, .max].map({ Tab.Scroll.row(0, ofEntry: $0) }) {
      #expect(walk().page(at: scroll).rows.count <= 24)
      _ = walk().settled(scroll)
      _ = walk().rowsAbove(scroll)
      _ = walk().scroll(from: scroll, by: -23)
      _ = walk().scroll(from: scroll, by: 23)
    }
    _ = walk().top
    #expect(walk().isFull)
    _ = walk().scroll(toShow: inMiddle)
    _ = walk().scroll(around: inMiddle)
  }

  @Test
  func `a page of a transcript whose last entries are hidden shows those before them`() {
    let transcript = transcript(hidden: 5000, at: .end)
    var layout = TranscriptLayout(width: 80, offset: { _ in 0 })
    layout.filter.ignored = [Nickname(testing: "mallory")]
    let walk = TranscriptWalk(transcript, layout: layout, height: 24, author: author)
    #expect(walk.page(at: .bottom).rows.count == 24)
    #expect(walk.page(at: walk.scroll(from: .bottom, by: -3)).messagesBelow == 3)
  }
}
