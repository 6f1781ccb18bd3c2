import ChatProtocol
import Testing

/// What a client may say that has agreed on more than the plain dialect.
@Suite struct RoomMessageReadingTests {
  private static let swift = RoomName(known: "#swift")
  private static let neha = Nickname(trusted: "neha")
  private static let epoch = Epoch(known: "e1")

  @Test(
    arguments: [
      ("JOIN #swift", .join(swift, nil)), ("join  #swift ", .join(swift, nil)),
      ("JOIN #swift e1 42", .join(swift, Cursor(target: .room(swift), epoch: epoch, sequence: 42))),
      ("PART #swift", .part(swift)), ("ROOMS", .rooms), ("rooms all", .rooms),
      ("WHO #swift", .who(swift)), ("WHO", .who(nil)),
      ("TOPIC #swift", .topic(swift, nil)), ("TOPIC #swift  a  b", .topic(swift, " a  b")),
      ("SAY #swift hi  there", .say(.room(swift), text: "hi  there")), ("SAY @neha x", .say(.person(neha), text: "x")),
      ("HISTORY #swift LATEST * 50", .history(.room(swift), .latest, limit: 50)),
      ("history @neha before 7 1", .history(.person(neha), .before(7), limit: 1)),
      ("HISTORY #swift AFTER 0 500", .history(.room(swift), .after(0), limit: 500)),
      ("SEARCH * 20 disk  full", .search(nil, limit: 20, text: "disk  full")),
      ("SEARCH @neha 1 x", .search(.person(neha), limit: 1, text: "x")),
      ("RESUME abc", .resume(token: "abc", [])),
      (
        "RESUME abc #swift e1 7 @neha e1 0",
        .resume(
          token: "abc",
          [
            Cursor(target: .room(swift), epoch: epoch, sequence: 7),
            Cursor(target: .person(neha), epoch: epoch, sequence: 0),
          ])
      ),
      ("MARK #swift 9", .mark(.room(swift), 9)),
    ] as [(String, ClientMessage)])
  func read(_ line: String, _ expected: ClientMessage) throws {
    #expect(try ClientMessage(line, in: .all) == expected)
  }

  @Test(
    arguments: [
      ("JOIN", .invalidRoom, .join), ("JOIN swift", .invalidRoom, .join), ("JOIN #a b", .invalidRoom, .join),
      ("JOIN #a e -1", .invalidRoom, .join), ("JOIN #a e 1 x", .invalidRoom, .join), ("PART", .invalidRoom, .part),
      ("WHO neha", .invalidRoom, .who), ("TOPIC", .invalidRoom, .topic), ("TOPIC x y", .invalidRoom, .topic),
      ("SAY", .invalidSay, .say), ("SAY neha x", .invalidSay, .say), ("SAY #a", .emptyMessage, .say),
      ("SAY #a  ", .emptyMessage, .say),
      ("HISTORY", .invalidHistory, .history), ("HISTORY #a", .invalidHistory, .history),
      ("HISTORY #a LATEST 5 5", .invalidHistory, .history), ("HISTORY #a BEFORE * 5", .invalidHistory, .history),
      ("HISTORY #a BEFORE -5 5", .invalidHistory, .history), ("HISTORY #a AFTER 5 0", .invalidHistory, .history),
      ("HISTORY #a AFTER 5", .invalidHistory, .history), ("HISTORY #a AFTER 5 5 5", .invalidHistory, .history),
      ("HISTORY #a AFTER 9999999999999999999 5", .invalidHistory, .history),
      ("HISTORY #a AFTER \u{661} 5", .invalidHistory, .history), ("HISTORY #a AFTER +5 5", .invalidHistory, .history),
      ("SEARCH", .invalidSearch, .search), ("SEARCH * x", .invalidSearch, .search),
      ("SEARCH * 5", .invalidSearch, .search), ("SEARCH * 0 x", .invalidSearch, .search),
      ("SEARCH neha 5 x", .invalidSearch, .search),
      ("RESUME", .invalidResume, .resume), ("RESUME t #a", .invalidResume, .resume),
      ("RESUME t #a e", .invalidResume, .resume), ("RESUME t #a e x", .invalidResume, .resume),
      ("RESUME t #a e 1 #b", .invalidResume, .resume), ("RESUME t a e 1", .invalidResume, .resume),
      ("MARK", .invalidMark, .mark), ("MARK #a", .invalidMark, .mark), ("MARK #a x", .invalidMark, .mark),
      ("MARK #a 1 2", .invalidMark, .mark),
    ] as [(String, ErrorCode, Verb)])
  func errors(_ line: String, _ code: ErrorCode, _ verb: Verb) {
    #expect(throws: RequestError(code, verb)) { try ClientMessage(line, in: .all) }
  }

  /// To a client that did not ask for them the words do not exist.
  @Test(
    arguments: [
      ("JOIN #a", .rooms), ("PART #a", .rooms), ("ROOMS", .rooms), ("TOPIC #a x", .rooms), ("SAY #a x", .rooms),
      ("JOIN", .rooms), ("HISTORY #a LATEST * 5", .history), ("SEARCH * 5 x", .history), ("RESUME x", .resume),
      ("MARK #a 1", .marks), ("MARK", .marks),
    ] as [(String, Capabilities)])
  func unknownToOthers(_ line: String, _ capability: Capabilities) {
    let others = Capabilities.all.subtracting(capability)
    for dialect in [[], .tags, others] as [Capabilities] {
      #expect(throws: RequestError(.unknownCommand)) { try ClientMessage(line, in: dialect) }
    }
  }

  @Test func capabilitiesThatNeedTags() {
    #expect(Capabilities.all.isCoherent && Capabilities.presence.isCoherent && ([] as Capabilities).isCoherent)
    for capability in [.rooms, .history, .resume, .marks] as [Capabilities] {
      #expect(!capability.isCoherent)
      #expect(capability.union(.tags).isCoherent)
    }
  }
}

extension RoomName {
  /// A name that the test knows to be one.
  init(known text: String) {
    guard let name = RoomName(text) else { preconditionFailure("Not a room: \(text.debugDescription)") }
    self = name
  }
}

extension Epoch {
  /// A text that the test knows to be one.
  init(known text: String) {
    guard let epoch = Epoch(text) else { preconditionFailure("Not an epoch: \(text.debugDescription)") }
    self = epoch
  }
}
