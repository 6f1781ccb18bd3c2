import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The name that the user chooses.
@Suite
struct NameTests {
  private let neha = Nickname(testing: "neha")
  private let zoe = Nickname(testing: "zoe")

  private func remembered(_ harness: inout InterfaceHarness) -> [String] {
    harness.takeCommands().compactMap { if case .rememberName(let name) = $0 { name.text } else { nil } }
  }

  /// The server refuses the name zoe, and the user types another one.
  private func answer(_ name: String, _ harness: inout InterfaceHarness) {
    harness.receive(.nameRefused(zoe, .reserved, suggestion: nil))
    harness.advanceClock(by: 1)
    harness.press("Ctrl+U")
    harness.type(name)
    harness.press("Enter")
  }

  @Test
  func `a name is remembered once the server has accepted it`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/name zoe")
    #expect(harness.takeCommands() == [.client(.useName(zoe))])
    harness.receive(.connecting(.local, attempt: 1))
    #expect(remembered(&harness) == [])
    harness.goOnline(as: "zoe")
    #expect(remembered(&harness) == ["zoe"])
    harness.goOnline(as: "zoe")
    #expect(remembered(&harness) == [])
  }

  @Test
  func `the present name is remembered at once`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/name neha")
    #expect(harness.takeCommands() == [.rememberName(neha), .client(.useName(neha))])
  }

  @Test(arguments: [false, true])
  func `a refused name is not remembered, and the answer to the question about it is`(isGiven: Bool) {
    var harness = InterfaceHarness(80, 24, name: "zoe", isNameGiven: isGiven)
    if !isGiven { harness.enter("/name zoe") }
    answer("ada", &harness)
    #expect(remembered(&harness) == [])
    harness.goOnline(as: "ada")
    #expect(remembered(&harness) == ["ada"])
  }

  @Test
  func `a name is remembered if it was given on the command line, and not if the settings name it`() {
    for isGiven in [true, false] {
      var harness = InterfaceHarness(80, 24, isNameGiven: isGiven)
      harness.goOnline()
      #expect(remembered(&harness) == (isGiven ? ["neha"] : []))
      harness.server = .home
      let opening = ServerOpening(
        .home, as: zoe, memory: InterfaceMemory(), isShown: false, isNameGiven: isGiven ? true : nil)
      harness.update(.opened(opening))
      harness.goOnline(as: "zoe")
      #expect(remembered(&harness) == (isGiven ? ["zoe"] : []))
    }
  }

  @Test
  func `a user whose new name is refused stays under the former one`() {
    var harness = InterfaceHarness.online(120, 24, with: ["akash"])
    harness.enter("/name zoe")
    harness.type("half a thought")
    _ = harness.takeCommands()
    harness.receive(.connecting(.local, attempt: 1), .nameKept(neha, refused: zoe, reason: "It is owned."))
    harness.advanceClock(by: 5)
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.input == "half a thought")
    let told = "you stay neha: the server refused the name zoe. It is owned."
    #expect(harness.pane.last?.hasSuffix(told) == true, "\(harness.pane)")
    harness.goOnline()
    #expect(remembered(&harness) == [])
    #expect(harness.interface.name == neha)
  }

  @Test
  func `while the client asks for a name, nobody is shown as here`() {
    var harness = InterfaceHarness.online(120, 24, with: ["akash"])
    #expect(harness.screen.rows[1].contains("2 in #lobby"))
    harness.receive(.connecting(.local, attempt: 1), .nameRefused(zoe, .taken, suggestion: neha))
    harness.advanceClock(by: 1)
    #expect(!harness.screen.rows[1].contains("in #lobby"))
    #expect(harness.interface.roster.count == 0)
  }
}
