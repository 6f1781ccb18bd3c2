import ChatModel
import ChatProtocol
import CommandSupport
import Foundation
import TestSupport
import Testing

@testable import swiftchat

/// The state file of `swiftchat tail`.
@Suite struct TailStateTests {
  private let epoch: Epoch

  init() throws { epoch = try #require(Epoch("e1.a")) }

  private func position(_ sequence: Int, _ target: Target = .lobby) -> TailPosition {
    TailPosition(target: target, epoch: epoch, sequence: sequence, time: Timestamp(milliseconds: Int64(sequence)))
  }

  private var heading: String { "swiftchat-tail 1 192.0.2.7:4000 neha 2026-11-22T10:00:00.000Z\n" }

  @Test func `the file is read as it was written, at every length`() throws {
    let place = TailStateText.Place(device: 1, inode: 2, offset: 100, length: 20)
    let records = [
      TailStateText.line(token: "t1"), TailStateText.line(position(0), at: nil),
      TailStateText.line(position(3, .person(.neha)), at: nil), TailStateText.line(position(1), at: place),
      TailStateText.line(token: "t2"), TailStateText.line(position(2), at: place),
    ]
    let text = heading + records.joined()
    let all = try #require(TailStateText(text))
    #expect(all.token == "t2")
    #expect(all.positions == [position(2), position(3, .person(.neha))])
    #expect(all.last?.place == place)
    #expect(all.last?.previous == position(1))
    #expect(TailStateText(all.text)?.positions == all.positions)
    // A last line that a crash cut short is ignored, and never misread.
    let bytes = Array(text.utf8)
    for length in heading.utf8.count..<bytes.count {
      let cut = try #require(TailStateText(String(decoding: bytes[..<length], as: UTF8.self)), "\(length)")
      #expect(cut.positions.allSatisfy { [0, 1, 2, 3].contains($0.sequence) })
    }
  }

  @Test func `the file is read as it was written for a name that begins with a combining mark`() throws {
    let name = try #require(Nickname("\u{301}abc"))
    var written = TailStateText(server: "192.0.2.7:4000", name: name, created: Timestamp(milliseconds: 7))
    written.note(position(3, .person(name)))
    let read = try #require(TailStateText(written.text))
    #expect(read.name.text == name.text)
    #expect(read == written)
  }

  @Test(arguments: [
    "", "\n", "rubbish\n", "swiftchat-tail 2 h:1 neha 2026-11-22T10:00:00.000Z\n",
    "swiftchat-tail 1 h:1 neha 2026-11-22T10:00:00.000Z\nat #lobby e -1 -\n",
    "swiftchat-tail 1 h:1 neha 2026-11-22T10:00:00.000Z\nat #lobby e 1 - 1 2 3\n",
    "swiftchat-tail 1 h:1 neha 2026-11-22T10:00:00.000Z\nat #lobby e 99999999999999999999 -\n",
    "swiftchat-tail 1 h:1 neha 2026-11-22T10:00:00.000Z\nat #lobby e 9223372036854775807 -\n",
    "swiftchat-tail 1 h:1 neha 2026-11-22T10:00:00.000Z\n\0\0\n",
  ])
  func `a damaged file is an error`(text: String) {
    #expect(TailStateText(text) == nil)
  }

  @Test func `a line that was not written is printed again, and one that was written in part is removed`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/out"
    let file = open(path, O_RDWR | O_CREAT | O_APPEND, 0o600)
    defer { close(file) }
    try writeAllBytes("first\n", to: file)
    let place = try #require(OutputPlace.next(length: 7, in: file))
    #expect((place.offset, place.length) == (6, 7))
    #expect(OutputPlace.outcome(of: place, in: file) == .notWritten)
    try writeAllBytes("sec", to: file)
    #expect(OutputPlace.outcome(of: place, in: file) == .notWritten)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "first\n")
    try writeAllBytes("second\n", to: file)
    #expect(OutputPlace.outcome(of: place, in: file) == .written)
    // With a file that was replaced or emptied, the line counts as written.
    ftruncate(file, 0)
    #expect(OutputPlace.outcome(of: place, in: file) == .written)
    #expect(OutputPlace.outcome(of: nil, in: file) == .written)
  }

  private func writeAllBytes(_ text: String, to file: Int32) throws {
    let count = text.withCString { write(file, $0, text.utf8.count) }
    try #require(count == text.utf8.count)
  }

  @Test func `a state file is used by one command at a time, of one server and one name`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/state"
    do {
      let state = try TailState(path, server: .home, name: .neha, now: .now())
      try state.reach(position(4))
      #expect(throws: Failure.self) { try TailState(path, server: .home, name: .neha, now: .now()) }
    }
    let next = try TailState(path, server: .home, name: .neha, now: .now())
    #expect(next.contents.positions == [position(4)])
    try next.finish()
  }

  @Test func `a state file of another name is refused, and left as it is`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/state"
    try heading.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: Failure.self) { try TailState(path, server: .home, name: Nickname(known: "akash"), now: .now()) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == heading)
  }

  @Test func `a search by time finds the first message, in few steps`() {
    for seed in SeededGenerator.seeds(500) {
      var random = SeededGenerator(seed: seed)
      let head = random.number(0...300)
      // Some numbers are gone, and some messages share a time.
      var messages: [(sequence: Int, time: Timestamp)] = []
      var time: Int64 = 0
      for sequence in stride(from: 1, through: head, by: 1) where random.number(0...3) > 0 {
        time += Int64(random.number(0...2))
        messages.append((sequence, Timestamp(milliseconds: time)))
      }
      let since = Timestamp(milliseconds: Int64(random.number(0...(Int(time) + 2))))
      var search = TailSearch(time: since, head: head)
      var steps = 0
      while search.result == nil, steps < 20 {
        steps += 1
        let middle = search.middle
        search.read(messages.first { $0.sequence > middle })
      }
      let result = search.result ?? -1
      #expect(
        messages.filter { $0.sequence > result }.map(\.sequence)
          == messages.filter { $0.time >= since }.map(\.sequence), "\(random)")
    }
  }
}
