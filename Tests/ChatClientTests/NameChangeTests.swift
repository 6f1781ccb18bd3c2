import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Another name while logged in.
@Suite struct NameChangeTests {
  /// A session of neha on a swiftchat server, which waits for the answer to its login as mira.
  private func renaming() -> ClientSessionHarness {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.useName(.mira))
    harness.handle(.closed(reason: nil))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    harness.takeAll()
    return harness
  }

  /// The same on a foreign server.
  private func renamingInPlain() -> ClientSessionHarness {
    var harness = ClientSessionHarness.plain()
    harness.command(.useName(.mira))
    harness.handle(.closed(reason: nil))
    harness.handle(.opened(nil))
    harness.receive("ERR unknown-command")
    harness.takeAll()
    return harness
  }

  @Test(arguments: [
    "username-taken", "invalid-username", "username-reserved", "username-confusable", "banned", "invite-required",
    "invalid-invite", "too-many-accounts",
  ])
  func `after a refused name the former session is resumed on the same connection`(code: String) {
    var harness = renaming()
    harness.send("written meanwhile")
    harness.receive("@label=1 ERR \(code) LOGIN It is not yours.")
    #expect(harness.takeEvents() == [.nameKept(.neha, refused: .mira, reason: "It is not yours.")])
    #expect(harness.takeSent() == ["@label=2 RESUME t1 #lobby e1 5"])
    #expect(harness.closes == 0)
    harness.receive("@label=2;token=t2;name=neha OK RESUME", "SYNC #lobby e1 5")
    #expect(harness.events.contains(.online(.neha, capabilities: ClientSessionHarness.agreed)))
    #expect(harness.session.name == .neha)
    #expect(harness.takeSent().contains { $0.hasSuffix(" MSG written meanwhile") })
  }

  @Test(arguments: ["server-full", "storage-unavailable"])
  func `a refusal that is not about the name keeps the new one for the next attempt`(code: String) {
    var harness = renaming()
    harness.receive("@label=1 ERR \(code) LOGIN Not now.")
    #expect(harness.events.last?.outage != nil)
    harness.advanceClock(by: .seconds(60))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    #expect(harness.takeSent().last == "@token=t1;label=1 LOGIN mira")
    harness.events = []
    harness.receive("@label=1 ERR username-taken LOGIN It is not yours.")
    #expect(harness.events == [.nameKept(.neha, refused: .mira, reason: "It is not yours.")])
  }

  @Test func `the user is asked for a name if the former one is refused, too`() {
    var harness = renaming()
    harness.receive("@label=1 ERR username-taken LOGIN Somebody has it.")
    harness.receive("@label=2 ERR username-taken RESUME Somebody has it.")
    #expect(harness.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
  }

  @Test func `the user is asked for a name if an accepted one is refused later`() {
    var harness = renaming()
    harness.receive("@label=1;token=t2;name=mira;again OK LOGIN", "SYNC #lobby e1 5")
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees, "@label=1 ERR username-taken RESUME Somebody has it.")
    #expect(harness.events.last == .nameRefused(.mira, .taken, suggestion: Nickname("mira2")))
  }

  @Test func `a foreign server may hold the former name until it notices the lost connection`() {
    var harness = renamingInPlain()
    harness.receive("ERR username-taken")
    let reason = ErrorCode.usernameTaken.explanation
    #expect(harness.takeEvents() == [.nameKept(.neha, refused: .mira, reason: reason)])
    #expect(harness.takeSent() == ["LOGIN neha"])
    harness.receive("ERR username-taken")
    #expect(harness.takeEvents().compactMap(\.notice).count == 1)
    harness.advanceClock(by: .seconds(5))
    #expect(harness.takeSent() == ["LOGIN neha"])
    harness.receive("OK")
    #expect(harness.events.last == .online(.neha, capabilities: []))
  }

  @Test func `after an error in the server's own words the former name is suggested`() {
    var harness = renamingInPlain()
    harness.receive("ERR name in use")
    #expect(harness.events.last == .nameRefused(.mira, .taken, suggestion: Nickname.neha))
    #expect(harness.takeSent() == [])
    harness.command(.useName(.neha))
    #expect(harness.takeSent() == ["LOGIN neha"])
    harness.receive("OK")
    #expect(harness.events.last == .online(.neha, capabilities: []))
  }
}
