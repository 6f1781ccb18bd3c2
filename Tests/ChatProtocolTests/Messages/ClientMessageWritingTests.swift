import ChatProtocol
import TestSupport
import Testing

/// Lines of the client, byte for byte.
@Suite struct ClientMessageWritingTests {
  private static let neha = Nickname(testing: "Neha")
  private static let cursor = Cursor(target: .lobby, epoch: Epoch(testing: "e.1"), sequence: 7)

  @Test(
    arguments: [
      (.login(neha), "LOGIN Neha\n"), (.message("hello  there "), "MSG hello  there \n"),
      (.direct(to: neha, text: "psst"), "DM Neha psst\n"), (.who(nil), "WHO\n"), (.who(.lobby), "WHO #lobby\n"),
      (.ping, "PING\n"), (.quit, "QUIT\n"),
      (.away(nil), "AWAY\n"), (.away("at lunch"), "AWAY at lunch\n"), (.listCapabilities, "CAP LS\n"),
      (.requestCapabilities(["tags", "presence"]), "CAP REQ tags presence\n"),
      (.join(.lobby, nil), "JOIN #lobby\n"), (.join(.lobby, cursor), "JOIN #lobby e.1 7\n"),
      (.part(.lobby), "PART #lobby\n"),
      (.rooms, "ROOMS\n"), (.topic(.lobby, nil), "TOPIC #lobby\n"), (.topic(.lobby, " a  b"), "TOPIC #lobby  a  b\n"),
      (.say(.person(neha), text: " x"), "SAY @Neha  x\n"), (.say(.lobby, text: "x"), "SAY #lobby x\n"),
      (.history(.lobby, .latest, limit: 5), "HISTORY #lobby LATEST * 5\n"),
      (.history(.person(neha), .before(7), limit: 5), "HISTORY @Neha BEFORE 7 5\n"),
      (.history(.lobby, .after(0), limit: 1), "HISTORY #lobby AFTER 0 1\n"),
      (.search(nil, limit: 5, text: "a  b"), "SEARCH * 5 a  b\n"),
      (.search(.lobby, limit: 5, text: "x"), "SEARCH #lobby 5 x\n"),
      (.resume(token: "t", []), "RESUME t\n"),
      (.resume(token: "t", [cursor, cursor]), "RESUME t #lobby e.1 7 #lobby e.1 7\n"),
      (.mark(.lobby, 7), "MARK #lobby 7\n"),
      (
        .message("a\nMSG b\r\nc\u{1b}[2J\0\u{7f}\u{9b}\td"),
        "MSG a\u{fffd}MSG b\u{fffd}\u{fffd}c\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\td\n"
      ),
    ] as [(ClientMessage, String)])
  func golden(_ message: ClientMessage, _ line: String) {
    #expect(message.written().exactly == line.exactly)
  }

  @Test func `tags are written first`() {
    var tags = Tags()
    tags.label = "7"
    #expect(ClientMessage.message("x").written(tags: tags) == "@label=7 MSG x\n")
  }
}
