import ChatProtocol
import TestSupport
import Testing

/// Lines of the server, byte for byte, for each kind of session.
@Suite struct ServerMessageWritingTests {
  private static let neha = Nickname(testing: "Neha")
  private static let akash = Nickname(testing: "akash")
  private static let taken = RequestError(.usernameTaken, .login)

  struct Golden: Sendable, CustomTestStringConvertible {
    let message: ServerMessage
    let plain: String
    let tagged: String
    let presence: String
    /// The line for a session with all capabilities.
    let all: String

    init(
      _ message: ServerMessage, _ plain: String, tagged: String? = nil, presence: String? = nil, all: String? = nil
    ) {
      self.message = message
      self.plain = plain
      self.tagged = tagged ?? plain
      self.presence = presence ?? plain
      self.all = all ?? (presence == nil ? self.tagged : self.presence)
    }

    var testDescription: String { "\(message)" }
  }

  @Test(arguments: [
    Golden(.ok(.login), "OK\n", tagged: "OK LOGIN\n"),
    Golden(.ok(.message), "", tagged: "OK MSG\n"),
    Golden(.ok(nil), "", tagged: "OK\n"),
    Golden(
      .error(ErrorReply(taken)), "ERR username-taken\n",
      tagged: "ERR username-taken LOGIN Somebody with this name is here already; choose another.\n"),
    Golden(
      .error(ErrorReply(RequestError(.unknownCommand))), "ERR unknown-command\n",
      tagged: "ERR unknown-command * There is no such command.\n"),
    Golden(.message(from: neha, text: "hello"), "MSG Neha hello\n"),
    Golden(.message(from: neha, text: " a \t b "), "MSG Neha a b\n", tagged: "MSG Neha  a \t b \n"),
    Golden(.direct(from: neha, text: "psst"), "DM Neha psst\n"),
    Golden(.direct(from: neha, text: " \ta  \tb "), "DM Neha a  \tb\n", tagged: "DM Neha  \ta  \tb \n"),
    Golden(.direct(from: neha, text: "a  b"), "DM Neha a  b\n"),
    Golden(.user(neha), "USER Neha\n"), Golden(.users([neha, akash]), "USERS Neha, akash\n"),
    Golden(.pong, "PONG\n"),
    Golden(.info(.disconnected(neha)), "INFO Neha disconnected\n"), Golden(.info(.other("x  y")), "INFO x  y\n"),
    Golden(.joined(neha), "", presence: "JOINED Neha\n"),
    Golden(.left(neha, .lost), "INFO Neha disconnected\n", presence: "LEFT Neha lost\n"),
    Golden(.left(neha, .idle), "INFO Neha disconnected\n", presence: "LEFT Neha idle\n"),
    Golden(.left(neha, .quit), "INFO Neha disconnected\n", presence: "LEFT Neha quit\n"),
    Golden(.left(neha, .closed), "INFO Neha disconnected\n", presence: "LEFT Neha closed\n"),
    Golden(.left(neha, .slow), "INFO Neha disconnected\n", presence: "LEFT Neha slow\n"),
    Golden(.away(neha, text: "at lunch"), "", presence: "AWAY Neha at lunch\n"),
    Golden(.back(neha), "", presence: "BACK Neha\n"),
    Golden(.capabilities(.list, ["tags", "presence"]), "CAP LS tags presence\n"),
    Golden(.capabilities(.acknowledged, ["tags"]), "CAP ACK tags\n"),
    Golden(.capabilities(.refused, ["x"]), "CAP NAK x\n"), Golden(.capabilities(.list, []), "CAP LS\n"),
    Golden(.batchStart(reference: "1", kind: "who"), "", tagged: "BATCH +1 who\n"),
    Golden(.batchEnd(reference: "1"), "", tagged: "BATCH -1\n"),
    Golden(.messageOfTheDay("Welcome."), "", tagged: "MOTD Welcome.\n"),
    Golden(
      .bye(.idle, text: "Nothing."), "INFO disconnected-due-to-inactivity\n",
      tagged: "BYE disconnected-due-to-inactivity Nothing.\n"),
    Golden(
      .bye(.shutdown, text: "x"), "INFO server-shutting-down\n", tagged: "BYE server-shutting-down x\n"),
    Golden(
      .bye(.slow, text: ""), "INFO disconnected-due-to-slow-reading\n",
      tagged: "BYE disconnected-due-to-slow-reading \n"),
    Golden(
      .bye(.takenOver, text: "x"), "INFO taken-over\n", tagged: "BYE taken-over x\n"),
    Golden(.unrecognised("hi"), "INFO hi\n"),
    Golden(.left(neha, .parted), "", presence: "LEFT Neha parted\n"),
    Golden(.ok(.join), "", tagged: "OK JOIN\n"),
    Golden(
      .batchStart(reference: "1", kind: "history", target: .person(neha)), "", tagged: "BATCH +1 history @Neha\n"),
    Golden(.room(.lobby, people: 3, topic: " a  b"), "", all: "ROOM #lobby 3  a  b\n"),
    Golden(.room(.lobby, people: 0, topic: ""), "", all: "ROOM #lobby 0 \n"),
    Golden(.topic(from: neha, text: " a  b"), "", all: "TOPIC Neha  a  b\n"),
    Golden(.topic(from: neha, text: ""), "", all: "TOPIC Neha \n"),
    Golden(.sync(.lobby, Epoch(testing: "e.1"), head: 7), "", all: "SYNC #lobby e.1 7\n"),
    Golden(.gap(.person(neha), from: 3, to: 7), "", all: "GAP @Neha 3 7\n"),
    Golden(.reset(.lobby, Epoch(testing: "e")), "", all: "RESET #lobby e\n"),
    Golden(.mark(.lobby, 7), "", all: "MARK #lobby 7\n"),
    Golden(.left(neha, .kicked), "INFO Neha disconnected\n", presence: "LEFT Neha kicked\n"),
    Golden(.bye(.kicked, text: "x"), "INFO kicked\n", tagged: "BYE kicked x\n"),
    Golden(.bye(.banned, text: "x"), "INFO banned\n", tagged: "BYE banned x\n"),
    Golden(.challenge(RecordTests.challenge), "", all: "CHALLENGE \(RecordTests.digits)\n"),
    Golden(.redacted(.lobby, 7, by: neha), "", all: "REMOVED #lobby 7 Neha\n"),
    Golden(.redacted(.person(neha), 1, by: akash), "", all: "REMOVED @Neha 1 akash\n"),
    Golden(.operatorName(neha), "", all: "OPERATOR Neha\n"),
  ])
  func golden(_ golden: Golden) {
    #expect(golden.message.written(for: []).exactly == golden.plain.exactly)
    #expect(golden.message.written(for: .tags).exactly == golden.tagged.exactly)
    #expect(golden.message.written(for: .presence).exactly == golden.presence.exactly)
    #expect(golden.message.written(for: .all).exactly == golden.all.exactly)
    #expect(golden.message.isKnown(in: .all) == !golden.all.isEmpty)
    #expect(golden.message.isKnown(in: []) == !golden.plain.isEmpty)
    #expect(golden.message.isKnown(in: .tags) == !golden.tagged.isEmpty)
    #expect(golden.message.isKnown(in: .presence) == !golden.presence.isEmpty)
  }

  @Test func `tags are sent only to sessions that read them`() {
    var tags = Tags()
    tags.label = "7"
    #expect(ServerMessage.pong.written(for: .tags, tags: tags) == "@label=7 PONG\n")
    #expect(ServerMessage.pong.written(for: .presence, tags: tags) == "PONG\n")
    #expect(ServerMessage.pong.written(for: [], tags: tags) == "PONG\n")
    #expect(ServerMessage.joined(Self.neha).written(for: .tags, tags: tags) == "")
  }

  @Test func capabilities() {
    #expect(
      Capabilities.all.names == [
        "tags", "presence", "rooms", "history", "resume", "marks", "keys", "moderation", "lines",
      ])
    #expect(Capabilities(named: "tags") == .tags)
    #expect(Capabilities(named: "presence") == .presence)
    #expect(Capabilities(named: "Tags") == nil)
    #expect(Capabilities(named: "") == nil)
    #expect(Capabilities([]).names == [])
    for name in Capabilities.all.names { #expect(Capabilities(named: name)?.names == [name]) }
  }

  /// A capability that needs tags is not acknowledged without them.
  @Test func coherence() {
    for bits in UInt16(0)..<256 {
      let dialect = Capabilities(rawValue: bits)
      let isCoherent = dialect.contains(.tags) || dialect.isSubset(of: .presence)
      #expect(dialect.isCoherent == isCoherent)
    }
  }
}
