import TestSupport
import ChatProtocol
import Testing

/// Lines of swiftchat servers and foreign servers, read by a client.
@Suite struct ServerMessageReadingTests {
  private static let neha = Nickname(testing: "neha")
  private static let akash = Nickname(testing: "akash")

  @Test(
    arguments: [
      ("OK", .ok(nil)), ("ok", .ok(nil)), ("OK welcome", .ok(nil)), ("OK LOGIN", .ok(.login)), ("Ok Dm", .ok(.direct)),
      ("ERR username-taken", .error(ErrorReply(code: "username-taken"))),
      ("err  username-taken already here", .error(ErrorReply(code: "username-taken", text: "already here"))),
      ("ERR Username taken", .error(ErrorReply(code: "Username", text: "taken"))),
      ("MSG neha hello", .message(from: neha, text: "hello")),
      ("msg neha  hello ", .message(from: neha, text: " hello ")),
      ("MSG neha", .message(from: neha, text: "")), ("MSG neha: hello", .message(from: neha, text: "hello")),
      ("MSG neha:", .message(from: neha, text: "")), ("MSG : x", .message(from: Nickname(testing: ":"), text: "x")),
      ("MSG \u{d4e}: x", .message(from: Nickname(testing: "\u{d4e}"), text: "x")),
      ("DM neha psst", .direct(from: neha, text: "psst")), ("dm neha: psst", .direct(from: neha, text: "psst")),
      ("USER neha", .user(neha)), ("user neha ", .user(neha)),
      ("USERS neha, akash", .users([neha, akash])), ("users neha,akash", .users([neha, akash])),
      ("USERS neha akash", .users([neha, akash])), ("USERS", .users([])),
      ("USERS neha,, ,akash,", .users([neha, akash])),
      ("USERS neha, \u{301}x,\u{301}y", .users([neha, Nickname(testing: "\u{301}x"), Nickname(testing: "\u{301}y")])),
      ("PONG", .pong), ("pong 7", .pong),
      ("INFO neha disconnected", .info(.disconnected(neha))), ("info neha disconnected", .info(.disconnected(neha))),
      ("INFO disconnected-due-to-inactivity", .info(.other("disconnected-due-to-inactivity"))),
      ("INFO neha disconnected again", .info(.other("neha disconnected again"))), ("INFO", .info(.other(""))),
      ("INFO hello there", .info(.other("hello there"))),
      ("CAP LS tags presence", .capabilities(.list, ["tags", "presence"])),
      ("cap ack tags", .capabilities(.acknowledged, ["tags"])),
      ("CAP NAK  x\ty ", .capabilities(.refused, ["x", "y"])), ("CAP LS", .capabilities(.list, [])),
      ("CAP LS a \u{301}b", .capabilities(.list, ["a", "\u{301}b"])),
      ("LEFT neha", .left(neha, .closed)), ("LEFT neha exploded", .left(neha, .closed)),
      ("LEFT neha lost", .left(neha, .lost)),
      ("BATCH +\u{301}x k", .batchStart(reference: "\u{301}x", kind: "k")),
      ("BATCH -\u{301}x", .batchEnd(reference: "\u{301}x")),
      ("batch +x", .batchStart(reference: "x", kind: "")),
      ("BATCH +x history #lobby", .batchStart(reference: "x", kind: "history", target: .lobby)),
      ("BATCH +x who nobody", .batchStart(reference: "x", kind: "who")),
      ("ROOM #lobby 3", .room(.lobby, people: 3, topic: "")),
      ("ROOM #lobby 3  a ", .room(.lobby, people: 3, topic: " a ")),
      ("TOPIC neha", .topic(from: neha, text: "")), ("TOPIC neha  x", .topic(from: neha, text: " x")),
      ("SYNC #lobby e.1 7", .sync(.lobby, Epoch(testing: "e.1"), head: 7)),
      ("SYNC @neha e 0 and more", .sync(.person(neha), Epoch(testing: "e"), head: 0)),
      ("GAP #lobby 3 7", .gap(.lobby, from: 3, to: 7)), ("RESET @neha e", .reset(.person(neha), Epoch(testing: "e"))),
      ("mark #lobby 7", .mark(.lobby, 7)),
    ] as [(String, ServerMessage)])
  func plain(_ line: String, _ expected: ServerMessage) {
    #expect(ServerMessage(line) == expected)
    #expect("\(ServerMessage(line))".exactly == "\(expected)".exactly)
  }

  @Test(arguments: [
    "", " ", "Welcome to the chat!", "Enter your name:", "* neha joined", "MSG", "MSG \u{200b} x", "DM", "USER",
    "USER neha akash", "USER a\u{1b}", "ERR", "BATCH", "BATCH +", "BATCH x", "CAP", "CAP END", "JOINED", "LEFT", "AWAY",
    "BACK", "ROOM", "ROOM #lobby", "ROOM #lobby x", "ROOM lobby 3", "TOPIC", "TOPIC \u{200b}", "SYNC", "SYNC #lobby e",
    "SYNC #lobby e -1", "SYNC lobby e 1", "SYNC #lobby é 1", "GAP #lobby 1", "GAP #lobby 1 x", "GAP x 1 2",
    "GAP #lobby 1 1000000000000000000", "RESET #lobby", "RESET e e", "MARK #lobby", "MARK 7",
    "BYE", "BYE bye", "Pong!", "[INFO] neha disconnected", "uſer neha", "mſg neha hi", "MSG\u{301} neha hi", "CAP lſ",
    "MSG 123456789012345678901234567890123 x",
    // The Kelvin sign is canonically equivalent to a K.
    "O\u{212a}", "BAC\u{212a} neha",
  ])
  func unrecognised(_ line: String) {
    for dialect in [[], .tags, .presence, .all] as [Capabilities] {
      #expect(ServerMessage(line, in: dialect) == .unrecognised(line))
    }
  }

  /// A server with capabilities is a swiftchat server: there a colon is a part of the name.
  @Test func `a colon after a name of a swiftchat server`() {
    let name = Nickname(testing: "neha:")
    #expect(ServerMessage("MSG neha: x", in: .tags) == .message(from: name, text: "x"))
    #expect(ServerMessage("DM neha: x", in: .presence) == .direct(from: name, text: "x"))
  }

  @Test func `errors with tags`() {
    let reply = ErrorReply(code: "user-not-found", verb: .direct, text: "Nobody  here.")
    #expect(ServerMessage("ERR user-not-found DM Nobody  here.", in: .tags) == .error(reply))
    #expect(reply.knownCode == .userNotFound)
    #expect(ServerMessage("ERR x * text", in: .tags) == .error(ErrorReply(code: "x", text: "text")))
    #expect(ServerMessage("ERR x", in: .tags) == .error(ErrorReply(code: "x")))
    #expect(ErrorReply(code: "x").knownCode == nil)
  }

  @Test func `reading a server message never traps`() {
    var random = SeededGenerator()
    let verbs = [
      "OK", "ERR", "MSG", "DM", "USER", "USERS", "INFO", "JOINED", "LEFT", "AWAY", "BACK", "CAP", "BATCH", "MOTD",
      "BYE", "ROOM", "TOPIC", "SYNC", "GAP", "RESET", "MARK",
      "CHALLENGE", "REMOVED", "KEY", "SANCTION", "OPERATOR", "ACT",
    ]
    for _ in 0..<2000 {
      let text = (random.flip() ? random.pick(verbs) : "") + random.text(withControls: true)
      let line = Line(text: text, hasControlCharacters: random.flip())
      _ = ServerMessage(reading: line, in: random.pick([[], .tags, .presence, .all]))
      _ = try? ClientMessage(reading: line, in: random.pick([[], .tags, .all]))
    }
  }
}
