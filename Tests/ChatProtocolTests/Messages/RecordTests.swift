import ChatProtocol
import TestSupport
import Testing

/// The lines of operator lists and of the audit log.
@Suite struct RecordTests {
  static let digits = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
  private static let bytes = (0..<32).map { UInt8($0) }
  static let key: PublicKey = {
    guard let key = PublicKey(bytes) else { preconditionFailure("32 bytes are a key") }
    return key
  }()
  static let challenge: LoginChallenge = {
    guard let challenge = LoginChallenge(bytes) else { preconditionFailure("32 bytes are a challenge") }
    return challenge
  }()
  private static let neha = Nickname(testing: "neha")
  private static let time = Timestamp(milliseconds: 1_795_341_600_123)
  private static let then = "2026-11-22T10:00:00.123Z"

  @Test(
    arguments: [
      ("CHALLENGE \(digits)", .challenge(challenge)),
      ("REMOVED #lobby 7 neha", .redacted(.lobby, 7, by: neha)),
      ("KEY \(digits) \(then)", .key(AccountKey(key: key, added: time))),
      ("KEY \(digits) \(then)  a  b ", .key(AccountKey(key: key, added: time, label: " a  b "))),
      (
        "SANCTION ban 192.0.2.0/24 * neha",
        .sanction(
          Sanction(kind: .ban, subject: .network(Network(testing: "192.0.2.0/24")), until: nil, by: neha, reason: ""))
      ),
      (
        "SANCTION mute @neha \(then) neha be kind",
        .sanction(Sanction(kind: .mute, subject: .name(neha), until: time, by: neha, reason: "be kind"))
      ),
      ("OPERATOR neha", .operatorName(neha)),
      ("ACT \(then) neha KICK @akash", .act(Act(time: time, by: neha, verb: .kick, subject: "@akash", text: ""))),
      (
        "ACT \(then) neha REMOVE #lobby 7  spam",
        .act(Act(time: time, by: neha, verb: .redact, subject: "#lobby", text: "7  spam"))
      ),
    ] as [(String, ServerMessage)])
  func `each record has one written form and is read back`(_ line: String, _ message: ServerMessage) {
    #expect(message.written(for: .all) == line + "\n")
    #expect(message.written(for: []) == "")
    #expect("\(ServerMessage(line, in: .all))".exactly == "\(message)".exactly)
  }

  @Test(arguments: [
    "CHALLENGE", "CHALLENGE x", "CHALLENGE \(digits)A", "CHALLENGE \(digits.dropLast())B", "REMOVED",
    "REMOVED #lobby", "REMOVED #lobby 7", "REMOVED #lobby x neha", "REMOVED lobby 7 neha", "REMOVED #lobby 7 a\u{200b}",
    "KEY", "KEY \(digits)", "KEY x \(then)", "KEY \(digits) yesterday", "KEY LIST", "SANCTION", "SANCTION ban",
    "SANCTION ban @neha", "SANCTION ban @neha *", "SANCTION ban @neha soon neha", "SANCTION kick @neha * neha",
    "SANCTION BAN @neha * neha", "SANCTION ban key:x * neha", "SANCTION ban 192.0.2.0/33 * neha",
    "SANCTION mute @neha * \u{200b}", "OPERATOR", "OPERATOR \u{200b}", "ACT", "ACT \(then)", "ACT \(then) neha",
    "ACT \(then) neha KICK", "ACT \(then) neha FROB x", "ACT now neha KICK x", "ACT \(then) \u{200b} KICK x",
  ])
  func `an invalid record is not recognised`(_ line: String) {
    for dialect in [[], .all] as [Capabilities] {
      #expect(ServerMessage(line, in: dialect) == .unrecognised(line))
    }
  }

  /// The subject of an act remains one word, whatever its text.
  @Test(arguments: [("", "*"), ("a b", "a\u{fffd}b"), (" ", "\u{fffd}"), ("a\tb\n", "a\u{fffd}b\u{fffd}")])
  func `the subject of an act is one word`(_ subject: String, _ word: String) throws {
    let act = Act(time: Self.time, by: Self.neha, verb: .kick, subject: subject, text: "text")
    let line = ServerMessage.act(act).written(for: .all)
    #expect(line == "ACT \(Self.then) neha KICK \(word) text\n")
  }
}
