import ChatProtocol
import TestSupport
import Testing

/// Reading requests about rooms, history and resuming: valid and invalid lines.
@Suite struct ConversationReadingTests {
  private static let room = RoomName.lobby
  private static let neha = Target.person(Nickname(testing: "neha"))
  private static let epoch = Epoch(testing: "e-1.x")

  @Test(
    arguments: [
      ("JOIN #lobby", .join(room, nil)), ("join  #LOBBY ", .join(room, nil)),
      ("JOIN #lobby e-1.x 7", .join(room, Cursor(target: .room(room), epoch: epoch, sequence: 7))),
      ("PART #lobby", .part(room)), ("PART #lobby bye", .part(room)), ("ROOMS", .rooms), ("ROOMS all", .rooms),
      ("WHO #lobby", .who(room)), ("WHO", .who(nil)),
      ("TOPIC #lobby", .topic(room, nil)), ("TOPIC #lobby  ", .topic(room, nil)),
      ("TOPIC #lobby  a  b ", .topic(room, " a  b ")),
      ("SAY #lobby  a  b", .say(.lobby, text: " a  b")), ("SAY @neha x", .say(neha, text: "x")),
      ("SAY @#lobby x", .say(.person(Nickname(testing: "#lobby")), text: "x")),
      ("HISTORY #lobby LATEST * 5", .history(.lobby, .latest, limit: 5)),
      ("history @neha before 0 1", .history(neha, .before(0), limit: 1)),
      ("HISTORY @neha AFTER 007 1", .history(neha, .after(7), limit: 1)),
      (
        "HISTORY #lobby AFTER 999999999999999999 999999999999999999",
        .history(
          .lobby, .after(999_999_999_999_999_999), limit: 999_999_999_999_999_999)
      ),
      ("SEARCH * 5 a  b", .search(nil, limit: 5, text: "a  b")),
      ("SEARCH #lobby 5 x", .search(.lobby, limit: 5, text: "x")),
      ("SEARCH @neha 5 \"a b\"", .search(neha, limit: 5, text: "\"a b\"")),
      ("RESUME abc", .resume(token: "abc", [])),
      (
        "RESUME abc #lobby e-1.x 3 @neha e-1.x 0",
        .resume(
          token: "abc",
          [
            Cursor(target: .lobby, epoch: epoch, sequence: 3), Cursor(target: neha, epoch: epoch, sequence: 0),
          ])
      ),
      ("MARK #lobby 7", .mark(.lobby, 7)), ("MARK @neha 0 ", .mark(neha, 0)),
    ] as [(String, ClientMessage)])
  func read(_ line: String, _ expected: ClientMessage) throws {
    #expect(try ClientMessage(line, in: .all) == expected)
  }

  @Test(
    arguments: [
      ("JOIN", .invalidRoom, .join), ("JOIN lobby", .invalidRoom, .join), ("JOIN #", .invalidRoom, .join),
      ("JOIN #a\u{202e}b", .invalidRoom, .join), ("JOIN #a e", .invalidRoom, .join),
      ("JOIN #a e x", .invalidRoom, .join),
      ("JOIN #a e -1", .invalidRoom, .join), ("JOIN #a e 1 2", .invalidRoom, .join),
      ("JOIN #a é 1", .invalidRoom, .join),
      ("JOIN #a e 1000000000000000000", .invalidRoom, .join),
      ("JOIN #\(String(repeating: "x", count: 64))", .invalidRoom, .join),
      ("PART", .invalidRoom, .part), ("PART @neha", .invalidRoom, .part), ("WHO neha", .invalidRoom, .who),
      ("TOPIC", .invalidRoom, .topic), ("TOPIC x y", .invalidRoom, .topic),
      ("SAY", .invalidSay, .say), ("SAY x y", .invalidSay, .say), ("SAY @ x", .invalidSay, .say),
      ("SAY # x", .invalidSay, .say),
      ("SAY #lobby", .emptyMessage, .say), ("SAY #lobby  \t", .emptyMessage, .say),
      ("SAY #lobby \u{7}", .controlCharacter, .say),
      ("HISTORY", .invalidHistory, .history), ("HISTORY #lobby", .invalidHistory, .history),
      ("HISTORY #lobby LATEST 5", .invalidHistory, .history), ("HISTORY #lobby LATEST 1 5", .invalidHistory, .history),
      ("HISTORY #lobby BEFORE * 5", .invalidHistory, .history),
      ("HISTORY #lobby AROUND 1 5", .invalidHistory, .history),
      ("HISTORY #lobby BEFORE 1 0", .invalidHistory, .history),
      ("HISTORY #lobby BEFORE 1 -1", .invalidHistory, .history),
      ("HISTORY #lobby BEFORE 1 5 6", .invalidHistory, .history), ("HISTORY * LATEST * 5", .invalidHistory, .history),
      ("HISTORY #lobby BEFORE 9223372036854775808 5", .invalidHistory, .history),
      ("HISTORY #lobby BEFORE ٣ 5", .invalidHistory, .history),
      ("HISTORY #lobby BEFORE +1 5", .invalidHistory, .history),
      ("SEARCH", .invalidSearch, .search), ("SEARCH *", .invalidSearch, .search),
      ("SEARCH * 5", .invalidSearch, .search),
      ("SEARCH * 0 x", .invalidSearch, .search), ("SEARCH x 5 y", .invalidSearch, .search),
      ("RESUME", .invalidResume, .resume), ("RESUME t #lobby", .invalidResume, .resume),
      ("RESUME t #lobby e", .invalidResume, .resume), ("RESUME t #lobby e 1 @neha", .invalidResume, .resume),
      ("RESUME t lobby e 1", .invalidResume, .resume), ("RESUME t #lobby e_ 1", .invalidResume, .resume),
      ("MARK", .invalidMark, .mark), ("MARK #lobby", .invalidMark, .mark), ("MARK #lobby x", .invalidMark, .mark),
      ("MARK #lobby 1 2", .invalidMark, .mark), ("MARK * 1", .invalidMark, .mark),
    ] as [(String, ErrorCode, Verb)])
  func errors(_ line: String, _ code: ErrorCode, _ verb: Verb) {
    #expect(throws: RequestError(code, verb)) { try ClientMessage(line, in: .all) }
  }

  @Test func `reading a line about conversations never traps`() {
    var random = SeededGenerator()
    let words = [
      "#lobby", "@neha", "#", "@", "*", "LATEST", "BEFORE", "AFTER", "0", "1", "-1", "999999999999999999",
      "99999999999999999999", "e", "e.1", "é", "", "\t",
    ]
    for _ in 0..<5000 {
      var line = random.pick(Verb.allCases).rawValue
      for _ in 0..<random.number(0...6) {
        line += " " + (random.chance(1, in: 5) ? random.text(upTo: 6, withControls: true) : random.pick(words))
      }
      let message = try? ClientMessage(
        reading: Line(text: line, hasControlCharacters: random.chance(1, in: 10)), in: .all)
      // A message that was read can be written.
      if let message { _ = message.written() }
    }
  }
}
