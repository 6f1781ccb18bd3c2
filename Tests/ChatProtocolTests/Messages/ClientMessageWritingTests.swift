import ChatProtocol
import Testing

/// What our own client says, byte for byte.
@Suite struct ClientMessageWritingTests {
  private static let neha = Nickname(trusted: "Neha")

  @Test(
    arguments: [
      (.login(neha), "LOGIN Neha\n"), (.message("hello  there "), "MSG hello  there \n"),
      (.direct(to: neha, text: "psst"), "DM Neha psst\n"), (.who(nil), "WHO\n"), (.ping, "PING\n"), (.quit, "QUIT\n"),
      (.away(nil), "AWAY\n"), (.away("at lunch"), "AWAY at lunch\n"), (.listCapabilities, "CAP LS\n"),
      (.requestCapabilities(["tags", "presence"]), "CAP REQ tags presence\n"),
      (
        .message("a\nMSG b\r\nc\u{1b}[2J\0\u{7f}\u{9b}\td"),
        "MSG a\u{fffd}MSG b\u{fffd}\u{fffd}c\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\td\n"
      ),
    ] as [(ClientMessage, String)])
  func golden(_ message: ClientMessage, _ line: String) {
    #expect(message.written().exactly == line.exactly)
  }

  @Test func tagsStandFirst() {
    var tags = Tags()
    tags.label = "7"
    #expect(ClientMessage.message("x").written(tags: tags) == "@label=7 MSG x\n")
  }
}
