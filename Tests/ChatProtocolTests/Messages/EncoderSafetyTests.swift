import TestSupport
import ChatProtocol
import NIOCore
import Testing

/// For any text an encoder writes exactly one line, or one for each line of a message, without terminal control characters.
@Suite struct EncoderSafetyTests {
  private static func expectOneLine(_ written: String, _ random: SeededGenerator) throws {
    try #require(written.utf8.last == 0x0a, "\(random)")
    let isClean = written.unicodeScalars.dropLast().allSatisfy {
      $0 == "\t" || $0.properties.generalCategory != .control
    }
    try #require(isClean, "\(written.debugDescription) \(random)")
  }

  /// A message of several lines is a line for each of them in some dialects.
  private static func expectLines(_ written: String, _ text: String, _ random: SeededGenerator) throws {
    let lines = written.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map { String(Substring($0)) }
    try #require(lines.count - 1 <= MessageLines.nonBlankCount(of: text), "\(random)")
    for line in lines.dropLast() { try expectOneLine(line + "\n", random) }
  }

  private static func tags(_ random: inout SeededGenerator) -> Tags {
    var tags = Tags()
    for _ in 0..<random.number(0...2) {
      tags[random.text(upTo: 3, withControls: true)] = random.text(withControls: true)
    }
    tags.label = random.text(withControls: true)
    return tags
  }

  @Test func `a client message is one line, whatever it contains`() throws {
    var random = SeededGenerator()
    for _ in 0..<1000 {
      let text = random.text(withControls: true)
      let message: ClientMessage = random.pick([
        .message(text), .direct(to: random.name(), text: text), .away(text), .requestCapabilities([text, "x", text]),
        .login(random.name()), .say(.person(random.name()), text: text), .topic(random.room(), text),
        .search(nil, limit: 1, text: text), .resume(token: text, []), .join(random.room(), random.cursor()),
        .history(.room(random.room()), .latest, limit: 1), .mark(.person(random.name()), 1), .who(random.room()),
        .admin(.addKey(random.keyRequest(), label: text)), .admin(.kick(random.name(), reason: text)),
        .admin(.ban(random.subject(), for: .forever, reason: text)),
        .admin(.mute(random.name(), for: .seconds(1), reason: text)),
        .admin(.redact(random.target(), sequence: 1, reason: text)),
      ])
      try Self.expectOneLine(message.written(tags: Self.tags(&random)), random)
    }
  }

  @Test func `a server message is one line, whatever it contains`() throws {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let text = random.text(withControls: true)
      let name = random.name()
      var (key, sanction, act) = (random.accountKey(), random.sanction(), random.act())
      key.label = text
      sanction.reason = text
      (act.subject, act.text) = (text, text)
      let message: ServerMessage = random.pick([
        .key(key), .sanction(sanction), .act(act),
        .error(ErrorReply(code: text, verb: .who, text: text)), .message(from: name, text: text),
        .direct(from: name, text: text), .user(name), .users([name, name]), .info(.disconnected(name)),
        .info(.other(text)), .joined(name), .left(name, .lost), .away(name, text: text), .back(name),
        .capabilities(.list, [text, text]), .batchStart(reference: text, kind: "who"),
        .batchStart(reference: "1", kind: text), .batchEnd(reference: text), .messageOfTheDay(text),
        .bye(.slow, text: text), .unrecognised(text), .topic(from: name, text: text),
        .room(random.room(), people: 1, topic: text), .mark(.room(random.room()), 1),
        .batchStart(reference: text, kind: text, target: .person(name)), .gap(.person(name), from: 1, to: 2),
        .sync(.person(name), Epoch(testing: "e"), head: 1), .reset(.room(random.room()), Epoch(testing: "e")),
      ])
      for dialect in [[], .tags, .presence, .all] as [Capabilities] where message.isKnown(in: dialect) {
        let written = message.written(for: dialect, tags: Self.tags(&random))
        switch message {
        case .message, .direct: try Self.expectLines(written, text, random)
        default: try Self.expectOneLine(written, random)
        }
      }
    }
  }
}
