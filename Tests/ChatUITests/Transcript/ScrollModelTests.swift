import ChatModel
import TestSupport
import ChatProtocol
import Testing

@testable import ChatUI

/// Scrolling, compared with a complete layout.
@Suite
struct ScrollModelTests {
  private func change(_ transcript: inout Transcript, _ random: inout SeededGenerator, at time: inout Int64) {
    time += Int64(random.pick([0, 1000, 60_000, 400_000, 86_400_000]))
    let now = Timestamp(milliseconds: time)
    switch random.number(0...11) {
    case 10:
      let past = Timestamp(milliseconds: time - Int64(random.pick([0, 1000, 86_400_000])))
      _ = transcript.appendMissed(.message(message(&random)), at: past, sequence: nil)
    case 11: _ = transcript.prepend(page(&random, before: transcript.entries.first?.time ?? now))
    case 0: transcript.append(.notice(random.text(upTo: 60)), at: now)
    case 1: transcript.append(.joined(random.name()), at: now)
    case 2: transcript.append(.left(random.name(), reason: "gone"), at: now)
    case 3: transcript.append(.away(random.name(), text: ""), at: now)
    case 4:
      transcript.appendUnconfirmed(
        OutgoingMessage(
          id: SendID(UInt64(random.number(1...20))), target: .lobby, text: random.rawText(), time: now))
    case 5: _ = transcript.takeUnconfirmed(SendID(UInt64(random.number(1...20))))
    default:
      transcript.append(.message(message(&random)), at: now)
    }
  }

  private func message(_ random: inout SeededGenerator) -> TranscriptEntry.Message {
    TranscriptEntry.Message(author: random.name(), text: random.text(upTo: 30), isOwn: false, isMention: false)
  }

  private func page(_ random: inout SeededGenerator, before time: Timestamp) -> [Transcript.PageMessage] {
    var time = time.milliseconds - Int64(random.pick([0, 1000, 86_400_000, 200_000_000]))
    let page = (0..<random.number(0...12)).map { _ in
      time -= Int64(random.pick([0, 1000, 60_000, 86_400_000]))
      return Transcript.PageMessage(
        body: random.number(0...9) == 0 ? .topic(random.name(), random.text()) : .message(message(&random)),
        time: Timestamp(milliseconds: time))
    }
    return page.reversed()
  }

  private func layout(_ random: inout SeededGenerator) -> TranscriptLayout {
    TranscriptLayout(
      width: random.number(20...90), offset: { _ in 0 }, names: random.number(0...14),
      style: random.pick([.modern, .modern, .classic]), timeFormat: random.pick(TimeFormat.allCases),
      isWide: random.flip())
  }

  private func filter(_ random: inout SeededGenerator) -> EntryFilter {
    EntryFilter(
      hidesPresence: random.flip(),
      ignored: random.flip() ? [] : Set((0..<random.number(0...9)).map { _ in random.name() }))
  }

  private func texts(_ rows: [TranscriptLayout.Row]) -> [String] {
    rows.map { $0.pieces.map(\.text).joined(separator: " ") }
  }

  /// The visible rows of the entries themselves, because separators come and go.
  private func own(
    _ transcript: Transcript, _ layout: TranscriptLayout, height: Int, at scroll: Tab.Scroll
  ) -> [[Int]] {
    let naive = NaiveTranscript(transcript, layout: layout, height: height, author: Nickname(testing: "neha"))
    guard !naive.lines.isEmpty else { return [] }
    let end = naive.index(of: scroll)
    return naive.lines[max(end - height + 1, 0)...end].filter { $0.number >= 0 }.map { [$0.entry, $0.number] }
  }

  @Test(.computing)
  func `inserting a page above moves no visible row`() throws {
    var random = SeededGenerator()
    for _ in 0..<300 {
      var transcript = Transcript()
      var time = Timestamp.noon.milliseconds
      for _ in 0..<random.number(1...30) { change(&transcript, &random, at: &time) }
      var layout = self.layout(&random)
      layout.filter = filter(&random)
      layout.heading = random.pick([nil, "loading"])
      let height = random.number(1...12)
      let walk = TranscriptWalk(transcript, layout: layout, height: height, author: Nickname(testing: "neha"))
      let scroll = walk.settled(walk.scroll(from: .bottom, by: -random.number(0...40)))
      let before = own(transcript, layout, height: height, at: scroll)
      let last = walk.page(at: scroll).rows.last
      let below = walk.page(at: scroll).messagesBelow
      let ids = transcript.entries.map(\.id)
      // Without new entries in view the line above the first entry may disappear, and the first page must still be full.
      let visible = transcript.entries.count { !layout.filter.hides($0) }
      _ = transcript.prepend(page(&random, before: transcript.entries.first?.time ?? .noon))
      guard transcript.entries.count(where: { !layout.filter.hides($0) }) > visible else { continue }
      layout.heading = random.pick([nil, "beginning"])
      try #require(Array(transcript.entries.map(\.id).suffix(ids.count)) == ids, "\(random)")
      let after = own(transcript, layout, height: height, at: scroll)
      // Rows above may have disappeared with separators, but visible rows stay in place.
      try #require(Array(after.suffix(before.count)) == before, "\(random) at \(scroll)")
      let later = TranscriptWalk(transcript, layout: layout, height: height, author: Nickname(testing: "neha"))
      guard case .row(0..., _) = scroll else { continue }
      // The time and the name come and go as well, and links in view are numbered anew.
      func text(_ row: TranscriptLayout.Row?) -> [TranscriptLayout.Row.Piece]? {
        row?.pieces.filter { $0.column >= layout.columns.marker && !$0.text.allSatisfy("⁰¹²³⁴⁵⁶⁷⁸⁹".contains) }
      }
      try #require(text(later.page(at: scroll).rows.last) == text(last), "\(random) at \(scroll)")
      try #require(later.page(at: scroll).messagesBelow == below, "\(random) at \(scroll)")
    }
  }

  @Test(.computing)
  func `scrolling shows the right rows at any position`() throws {
    var random = SeededGenerator()
    let author = Nickname(testing: "neha")
    for _ in 0..<30 {
      var transcript = Transcript()
      var time = Timestamp.noon.milliseconds
      var layout = self.layout(&random)
      layout.filter = filter(&random)
      var height = random.number(1...12)
      var scroll = Tab.Scroll.bottom
      for _ in 0..<random.number(0...40) { change(&transcript, &random, at: &time) }
      for _ in 0..<40 {
        let naive = NaiveTranscript(transcript, layout: layout, height: height, author: author)
        let walk = TranscriptWalk(transcript, layout: layout, height: height, author: author)
        let (shown, expected) = (walk.page(at: scroll).rows, naive.page(at: scroll))
        try #require(
          shown == expected,
          "\(random): at \(scroll)\n\(texts(shown).joined(separator: "\n"))\n\(texts(expected).joined(separator: "\n"))"
        )
        try #require((walk.settled(scroll) == .bottom) == (walk.page(at: scroll).messagesBelow == nil), "\(random)")
        switch random.number(0...9) {
        case 0...4:
          let distance = random.pick([-1, 1, 1 - height, height - 1, -3, 3, -1000, 1000, .min, .max])
          let expected = naive.scrolled(scroll, by: max(min(distance, 100_000), -100_000))
          let result = walk.settled(walk.scroll(from: scroll, by: distance))
          let index = result == .bottom ? nil : naive.index(of: result)
          try #require(index == expected, "\(random): by \(distance) from \(scroll)")
          scroll = result
        case 5: scroll = walk.settled(walk.top)
        case 6:
          layout = self.layout(&random)
          layout.filter = filter(&random)
        case 7: height = random.number(1...12)
        case 8: layout.filter = filter(&random)
        default:
          layout.heading = random.pick([nil, "beginning"])
          layout.found = transcript.entries.isEmpty ? nil : random.pick(transcript.entries).id
          layout.firstUnread = transcript.entries.isEmpty ? nil : random.pick(transcript.entries).id
          for _ in 0..<5 { change(&transcript, &random, at: &time) }
        }
      }
    }
  }
}
