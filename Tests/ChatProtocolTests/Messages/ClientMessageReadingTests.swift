import ChatProtocol
import TestSupport
import Testing

/// Reading client lines, by the frozen table of requests.
@Suite struct ClientMessageReadingTests {
  static let neha = Nickname(testing: "neha")
  static let akash = Nickname(testing: "akash")

  @Test(
    arguments: [
      ("LOGIN neha", .login(neha)), ("login neha", .login(neha)), ("LoGiN\tneha", .login(neha)),
      ("  LOGIN   neha  ", .login(neha)),
      ("MSG hello", .message("hello")), ("msg hello", .message("hello")),
      ("MSG  hello \t  there ", .message("hello there")), ("MSG a\tb", .message("a b")),
      ("MSG a\u{a0}\u{a0}b", .message("a\u{a0}\u{a0}b")), ("MSG @x", .message("@x")), ("MSG MSG", .message("MSG")),
      ("MSG \u{301}x", .message("\u{301}x")),
      ("DM akash psst", .direct(to: akash, text: "psst")), ("dm  akash   a  b ", .direct(to: akash, text: "a  b")),
      ("WHO", .who(nil)), ("who", .who(nil)), ("WHO everybody", .who(nil)), (" who ", .who(nil)), ("PING", .ping),
      ("ping 7", .ping),
      ("QUIT", .quit), ("quit now", .quit),
      ("AWAY", .away(nil)), ("AWAY  ", .away(nil)), ("away at  lunch", .away("at lunch")),
      ("CAP LS", .listCapabilities), ("cap ls 302", .listCapabilities),
      ("CAP REQ tags", .requestCapabilities(["tags"])), ("cap req  tags \t x ", .requestCapabilities(["tags", "x"])),
    ] as [(String, ClientMessage)])
  func plain(_ line: String, _ expected: ClientMessage) throws {
    let message = try ClientMessage(line)
    #expect(message == expected)
    #expect("\(message as Any)".exactly == "\(expected as ClientMessage? as Any)".exactly)
  }

  @Test(
    arguments: [
      ("MSG  hello \t there ", .message(" hello \t there ")), ("MSG\t\tx", .message("\tx")), ("  MSG x", .message("x")),
      ("DM   akash   a  b ", .direct(to: akash, text: "  a  b ")), ("AWAY  at  lunch", .away(" at  lunch")),
      ("AWAY   ", .away(nil)), ("LOGIN  neha ", .login(neha)), ("WHO  ", .who(nil)), ("WHO everybody", .who(nil)),
    ] as [(String, ClientMessage)])
  func verbatim(_ line: String, _ expected: ClientMessage) throws {
    #expect(try ClientMessage(line, in: .tags) == expected)
  }

  @Test(arguments: ["", " ", "\t", " \t  "], [[], .tags, .all] as [Capabilities])
  func `blank lines are ignored`(_ line: String, dialect: Capabilities) throws {
    #expect(try ClientMessage(line, in: dialect) == nil)
  }

  @Test(
    arguments: [
      ("LOGIN", .invalidUsername, .login), ("LOGIN  ", .invalidUsername, .login),
      ("LOGIN a b", .invalidUsername, .login), ("LOGIN \u{a0}", .invalidUsername, .login),
      ("LOGIN a\u{1b}", .invalidUsername, .login), ("login \0", .invalidUsername, .login),
      ("LOGIN 123456789012345678901234567890123", .invalidUsername, .login),
      ("LOGIN a\u{202e}b", .invalidUsername, .login), ("LOGIN a\u{9b}b", .invalidUsername, .login),
      ("MSG", .emptyMessage, .message), ("MSG \t ", .emptyMessage, .message),
      ("MSG a\u{7}", .controlCharacter, .message), ("msg a\u{85}", .controlCharacter, .message),
      ("MSG \rx", .controlCharacter, .message), ("DM a \u{7f}", .controlCharacter, .direct),
      ("WHO \u{1b}", .controlCharacter, .who), ("FOO \u{1b}", .controlCharacter, nil), ("\0", .controlCharacter, nil),
      ("\rx", .controlCharacter, nil), ("MSG\u{1b} x", .controlCharacter, nil),
      ("DM", .invalidDirectFormat, .direct), ("DM akash", .invalidDirectFormat, .direct),
      ("DM akash  ", .invalidDirectFormat, .direct), ("dm  ", .invalidDirectFormat, .direct),
      ("DM a\u{200b} hi", .userNotFound, .direct), ("DM 123456789012345678901234567890123 hi", .userNotFound, .direct),
      ("DM 123456789012345678901234567890123", .invalidDirectFormat, .direct),
      ("CAP", .invalidCapabilityRequest, .capabilities), ("CAP REQ", .invalidCapabilityRequest, .capabilities),
      ("CAP REQ  ", .invalidCapabilityRequest, .capabilities), ("CAP END", .invalidCapabilityRequest, .capabilities),
      ("CAP lſ", .invalidCapabilityRequest, .capabilities),
      ("HELLO", .unknownCommand, nil), ("LOGINS x", .unknownCommand, nil), ("MSGhello", .unknownCommand, nil),
      ("/quit", .unknownCommand, nil), ("MSG\u{a0}x", .unknownCommand, nil), ("MSG\u{301} x", .unknownCommand, nil),
      ("@a MSG x", .unknownCommand, nil), (String(repeating: "X", count: 4096), .unknownCommand, nil),
      // Letters whose upper case is an S or an I: verbs are ASCII.
      ("mſg x", .unknownCommand, nil), ("pıng", .unknownCommand, nil),
      // The Kelvin sign is canonically equivalent to a K.
      ("MAR\u{212a} #room 1", .unknownCommand, nil),
    ] as [(String, ErrorCode, Verb?)])
  func errors(_ line: String, _ code: ErrorCode, _ verb: Verb?) {
    #expect(throws: RequestError(code, verb)) { try ClientMessage(line) }
    #expect(throws: RequestError(code, verb)) { try ClientMessage(line, in: .tags) }
  }

  @Test(arguments: Verb.allCases)
  func `every verb in every case`(_ verb: Verb) {
    let letters = Array(verb.rawValue)
    let rests = [
      "", " neha x", " LS", " #room text", " #room e 1", " #room LATEST * 1", " * 1 x", " token", " #room 1",
      " LIST",
    ]
    for rest in rests {
      let expected = Self.reading(verb.rawValue + rest, in: .all)
      #expect(expected != .failure(RequestError(.unknownCommand)))
      for mask in 0..<(1 << letters.count) {
        let mixed = letters.indices.map { mask >> $0 & 1 == 0 ? letters[$0].lowercased() : String(letters[$0]) }
        #expect(Self.reading(mixed.joined() + rest, in: .all) == expected)
      }
    }
  }

  private static func reading(_ line: String, in dialect: Capabilities) -> Result<ClientMessage?, RequestError> {
    Result { () throws(RequestError) in try ClientMessage(line, in: dialect) }
  }

  /// Verbs of a capability are unknown without it.
  @Test(
    arguments: [
      ("AWAY x", [.tags, .presence, .rooms]), ("JOIN #room", [.rooms]), ("PART #room", [.rooms]), ("ROOMS", [.rooms]),
      ("TOPIC #room x", [.rooms]), ("SAY #room x", [.rooms]), ("HISTORY #room LATEST * 1", [.history]),
      ("SEARCH * 1 x", [.history]), ("RESUME token", [.resume]), ("MARK #room 1", [.marks]),
      ("CREATE #room", [.rooms]), ("INVITE #room neha", [.rooms]), ("UNINVITE #room neha", [.rooms]),
      ("KEY LIST", [.keys]), ("ADMIT 1 *", [.moderation]), ("KICK neha", [.moderation]),
      ("BAN @neha *", [.moderation]), ("UNBAN @neha", [.moderation]), ("BANS", [.moderation]),
      ("MUTE neha *", [.moderation]), ("UNMUTE neha", [.moderation]), ("SLOW #room 0", [.moderation]),
      ("REMOVE #room 1", [.moderation]), ("OP neha", [.moderation]), ("DEOP neha", [.moderation]),
      ("OPS", [.moderation]), ("AUDIT 1", [.moderation]),
    ] as [(String, [Capabilities])])
  func `verbs need their capabilities`(_ line: String, _ needed: [Capabilities]) throws {
    #expect(throws: RequestError(.unknownCommand)) { try ClientMessage(line, in: []) }
    for capability in [
      .tags, .presence, .rooms, .history, .resume, .marks, .keys, .moderation,
    ] as [Capabilities] {
      if needed.contains(capability) || line.hasPrefix("AWAY") {
        #expect(try ClientMessage(line, in: capability) != nil)
      } else {
        #expect(throws: RequestError(.unknownCommand)) { try ClientMessage(line, in: capability) }
      }
    }
  }

  /// Error codes are part of the frozen dialect: a change breaks other clients.
  @Test func codes() {
    #expect(
      ErrorCode.allCases.map(\.rawValue) == [
        "username-taken", "invalid-username", "already-logged-in", "not-logged-in", "empty-message", "user-not-found",
        "invalid-dm-format", "unknown-command", "line-too-long", "invalid-utf8", "control-character", "malformed-tags",
        "invalid-cap-request", "away-too-long", "invalid-room", "not-in-room", "too-many-rooms", "cannot-part",
        "topic-too-long", "too-many-lines", "invalid-say-format", "invalid-cid", "cid-conflict",
        "recipient-changed", "invalid-history-format",
        "invalid-search-format", "invalid-resume-format", "invalid-mark-format", "invalid-token", "too-many-sessions",
        "history-unavailable", "username-reserved", "username-confusable", "invalid-proof", "invite-required",
        "invalid-invite", "banned", "tls-required", "too-many-connections", "too-many-attempts", "private-room",
        "room-exists", "room-confusable", "invalid-request", "not-operator", "not-owner", "no-account", "no-such-key",
        "key-in-use",
        "too-many-keys", "too-many-accounts", "too-many-guests", "too-many-invitations", "last-key", "last-operator",
        "not-found", "muted", "slow-mode", "protected", "too-many-sanctions", "too-fast", "login-timeout",
        "server-full", "storage-unavailable",
      ])
    #expect(RequestError(LineFault.tooLong) == RequestError(.lineTooLong))
    #expect(RequestError(LineFault.invalidUTF8) == RequestError(.invalidUTF8))
    #expect(RequestError(LineFault.malformedTags) == RequestError(.malformedTags))
  }
}
