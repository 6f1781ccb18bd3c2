import ChatProtocol
import TestSupport
import Testing

/// Requests about keys, invitations, rooms and moderation: valid and invalid lines.
@Suite struct AdminRequestTests {
  private static let neha = Nickname(testing: "neha")
  private static let room = RoomName.lobby
  private static let key = RecordTests.key
  private static let digits = RecordTests.digits
  private static let wanted: KeyRequest = {
    guard let request = KeyRequest(key: key, proof: [UInt8](repeating: 7, count: 64)) else {
      preconditionFailure("64 bytes are a proof")
    }
    return request
  }()

  private static let lines: [(String, AdminRequest)] = [
    ("KEY LIST", .listKeys), ("KEY ADD \(wanted.text)", .addKey(wanted, label: "")),
    ("KEY ADD \(wanted.text)  my  laptop ", .addKey(wanted, label: " my  laptop ")),
    ("KEY REMOVE \(digits)", .removeKey(key)),
    ("CREATE #lobby", .create(room)), ("INVITE #lobby neha", .invite(room, neha)),
    ("UNINVITE #lobby neha", .uninvite(room, neha)),
    ("ADMIT 1 *", .admit(uses: 1, for: .forever)), ("ADMIT 20 3600", .admit(uses: 20, for: .seconds(3600))),
    ("KICK neha", .kick(neha, reason: "")), ("KICK neha  be  kind", .kick(neha, reason: " be  kind")),
    ("BAN @neha *", .ban(.name(neha), for: .forever, reason: "")),
    ("BAN @neha 60 out", .ban(.name(neha), for: .seconds(60), reason: "out")),
    ("BAN key:\(digits) 3155760000 *", .ban(.key(key), for: .seconds(3_155_760_000), reason: "*")),
    ("BAN 192.0.2.0/24 * out", .ban(.network(Network(testing: "192.0.2.0/24")), for: .forever, reason: "out")),
    ("UNBAN @neha", .unban(.name(neha))), ("UNBAN 192.0.2.7", .unban(.network(Network(testing: "192.0.2.7")))),
    ("MUTE neha *", .mute(neha, for: .forever, reason: "")),
    ("MUTE neha 5 a b", .mute(neha, for: .seconds(5), reason: "a b")), ("UNMUTE neha", .unmute(neha)),
    ("BANS", .listSanctions), ("SLOW #lobby 0", .slow(room, seconds: 0)),
    ("SLOW #lobby 3600", .slow(room, seconds: 3600)),
    ("REMOVE #lobby 7", .redact(.lobby, sequence: 7, reason: "")),
    ("REMOVE @neha 7 spam", .redact(.person(neha), sequence: 7, reason: "spam")),
    ("DELETE #lobby", .delete(room, reason: "")), ("DELETE #lobby off topic", .delete(room, reason: "off topic")),
    ("OP neha", .makeOperator(neha)), ("DEOP neha", .unmakeOperator(neha)), ("OPS", .listOperators),
    ("AUDIT 50", .listActs(limit: 50)),
  ]

  @Test(arguments: lines)
  func `each request has one written form and is read back`(_ line: String, _ request: AdminRequest) throws {
    #expect(ClientMessage.admin(request).written() == line + "\n")
    let read = try ClientMessage(line, in: .all)
    #expect(read == .admin(request))
    #expect("\(read as Any)".exactly == "\(ClientMessage.admin(request) as ClientMessage? as Any)".exactly)
    #expect(line.hasPrefix(request.verb.rawValue))
  }

  @Test func `every operator verb is tested`() {
    let others: Set<Verb> = [
      .login, .message, .direct, .who, .ping, .quit, .away, .capabilities, .join, .part, .rooms, .topic, .say, .history,
      .search, .resume, .mark,
    ]
    #expect(Set(Self.lines.map(\.1.verb)) == Set(Verb.allCases).subtracting(others))
  }

  @Test(
    arguments: [
      ("key list", .listKeys), ("KEY  add  \(wanted.text)", .addKey(wanted, label: "")),
      ("KICK\tneha\t\tx", .kick(neha, reason: "\tx")), ("BAN neha *", .ban(.name(neha), for: .forever, reason: "")),
      ("BANS ", .listSanctions), ("ops\t", .listOperators), (" AUDIT 050 ", .listActs(limit: 50)),
      ("KICK @neha", .kick(Nickname(testing: "@neha"), reason: "")),
    ] as [(String, AdminRequest)])
  func `other spellings are read too`(_ line: String, _ request: AdminRequest) throws {
    #expect(try ClientMessage(line, in: .all) == .admin(request))
  }

  @Test(
    arguments: [
      ("KEY", .key), ("KEY FOO", .key), ("KEY FOO \(digits)", .key), ("KEY ADD", .key), ("KEY ADD x", .key),
      ("KEY ADD \(digits)x", .key), ("KEY REMOVE", .key), ("KEY REMOVE \(digits.dropLast())", .key),
      ("KEY REMOVE \(digits) too", .key), ("KEY LIST all", .key), ("KEY lıst", .key),
      // The last digit has unused bits that are set.
      ("KEY ADD \(digits.dropLast())B", .key), ("KEY ADD \(digits)=", .key),
      ("INVITE #lobby", .invite), ("INVITE #lobby a\u{200b}", .invite), ("INVITE #lobby neha akash", .invite),
      ("UNINVITE #lobby", .uninvite), ("UNINVITE #lobby neha akash", .uninvite), ("CREATE #a #b", .create),
      ("ADMIT", .admit), ("ADMIT 0 *", .admit), ("ADMIT 1", .admit), ("ADMIT -1 *", .admit), ("ADMIT 1 0", .admit),
      ("ADMIT 1 7d", .admit), ("ADMIT 1 3155760001", .admit), ("ADMIT 1 * x", .admit), ("ADMIT * *", .admit),
      ("ADMIT 1000000000000000000 *", .admit),
      ("KICK", .kick), ("KICK a\u{200b}", .kick), ("KICK 123456789012345678901234567890123", .kick),
      ("BAN", .ban), ("BAN @neha", .ban), ("BAN @neha reason", .ban), ("BAN @ *", .ban), ("BAN key:x *", .ban),
      ("BAN 192.0.2.0/33 *", .ban), ("BAN 192.0.2.256 *", .ban), ("BAN @neha 0", .ban), ("BAN @neha -1", .ban),
      ("BAN @neha 99999999999999999999", .ban), ("BAN @neha ٣", .ban), ("BAN @neha *x", .ban),
      ("BAN @neha *\u{301} x", .ban),
      ("UNBAN", .unban), ("UNBAN @", .unban), ("UNBAN @neha @akash", .unban), ("UNBAN ::1/129", .unban),
      ("MUTE", .mute), ("MUTE neha", .mute), ("MUTE neha soon", .mute), ("MUTE \u{200b} *", .mute),
      ("UNMUTE", .unmute), ("UNMUTE neha akash", .unmute), ("BANS all", .bans),
      ("SLOW #lobby", .slow), ("SLOW #lobby 3601", .slow), ("SLOW #lobby -1", .slow), ("SLOW #lobby *", .slow),
      ("SLOW #lobby 1 2", .slow),
      ("REMOVE", .redact), ("REMOVE #lobby", .redact), ("REMOVE lobby 1", .redact), ("REMOVE #lobby x", .redact),
      ("REMOVE * 1", .redact), ("REMOVE #lobby 9223372036854775808", .redact),
      ("OP", .makeOperator), ("OP neha akash", .makeOperator), ("OP a\u{202e}b", .makeOperator),
      ("DEOP", .unmakeOperator), ("DEOP neha akash", .unmakeOperator), ("OPS all", .operators),
      ("AUDIT", .audit), ("AUDIT 0", .audit), ("AUDIT x", .audit), ("AUDIT 1 2", .audit), ("AUDIT -1", .audit),
    ] as [(String, Verb)])
  func `an invalid request is refused`(_ line: String, _ verb: Verb) {
    let error = #expect(throws: RequestError.self) { try ClientMessage(line, in: .all) }
    #expect(error?.code == .invalidRequest)
    #expect(error?.verb == verb)
  }

  @Test func `a key without a proof is refused for that reason`() {
    let error = #expect(throws: RequestError.self) { try ClientMessage("KEY ADD \(Self.digits)", in: .all) }
    #expect(error?.code == .invalidProof)
  }

  @Test(
    arguments: [
      ("CREATE", .create), ("CREATE lobby", .create), ("CREATE #", .create), ("INVITE", .invite),
      ("INVITE neha #lobby", .invite), ("UNINVITE lobby neha", .uninvite), ("SLOW", .slow), ("SLOW @neha 1", .slow),
    ] as [(String, Verb)])
  func `an invalid room name is refused for that reason`(_ line: String, _ verb: Verb) {
    #expect(throws: RequestError(.invalidRoom, verb)) { try ClientMessage(line, in: .all) }
  }
}
