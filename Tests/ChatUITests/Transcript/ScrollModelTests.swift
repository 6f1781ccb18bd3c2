import TestSupport
import ChatProtocol
import Testing

@testable import ChatUI

@Suite("Scrolling, against everything laid out")
struct ScrollModelTests {
  private func change(_ transcript: inout Transcript, _ random: inout SeededGenerator, at time: inout Int64) {
    time += Int64(random.pick([0, 1000, 60_000, 400_000, 86_400_000]))
    let now = Timestamp(milliseconds: time)
    switch random.number(0...9) {
    case 0: transcript.append(.notice(random.text(upTo: 60)), at: now)
    case 1: transcript.append(.joined(random.name()), at: now)
    case 2: transcript.append(.left(random.name(), reason: "gone"), at: now)
    case 3: transcript.append(.away(random.name(), text: ""), at: now)
    case 4:
      transcript.appendUnconfirmed(
        Transcript.Unconfirmed(id: SendID(UInt64(random.number(1...20))), original: random.rawText(), time: now))
    case 5: _ = transcript.takeUnconfirmed(SendID(UInt64(random.number(1...20))))
    default:
      let message = TranscriptEntry.Message(
        author: random.name(), text: random.text(upTo: 30), isOwn: false, isMention: false)
      transcript.append(.message(message), at: now)
    }
  }

  private func texts(_ rows: [TranscriptLayout.Row]) -> [String] {
    rows.map { $0.pieces.map(\.text).joined(separator: " ") }
  }

  @Test("shows what belongs there, wherever one scrolls")
  func random() throws {
    var random = SeededGenerator()
    let author = Nickname(testing: "neha")
    for _ in 0..<30 {
      var transcript = Transcript()
      var time = Timestamp.noon.milliseconds
      var layout = TranscriptLayout(width: random.number(20...90), offset: { _ in 0 })
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
        case 6: layout = TranscriptLayout(width: random.number(20...90), offset: { _ in 0 })
        case 7: height = random.number(1...12)
        case 8: layout.hidesPresence.toggle()
        default:
          layout.firstUnread = transcript.entries.isEmpty ? nil : random.pick(transcript.entries).id
          for _ in 0..<5 { change(&transcript, &random, at: &time) }
        }
      }
    }
  }
}
