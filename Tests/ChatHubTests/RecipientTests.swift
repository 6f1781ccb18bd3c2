import ChatHub
import ChatProtocol
import Testing

/// A direct message states the account that it is addressed to.
@Suite struct RecipientTests {
  private let harness = HubHarness()
  private let alice: SessionID

  init() { (alice, _) = harness.logInTagged("alice") }

  /// The epoch that identifies the bearer of the name, from the roster.
  private func person(_ name: String) -> String {
    for line in harness.send(as: alice, "WHO") where line.hasSuffix(" USER \(name)") {
      guard let range = line.firstRange(of: "epoch=") else { continue }
      return String(line[range.upperBound...].prefix { $0 != ";" && $0 != " " })
    }
    return ""
  }

  @Test func `a message does not reach another user who took a guest's name`() {
    let (bob, _) = harness.logInTagged("bob")
    let epoch = person("bob")
    #expect(harness.send(as: alice, "@epoch=\(epoch) DM bob one").untagged.contains("OK DM"))
    #expect(harness.takeOutput(of: bob).untagged.last == "DM alice one")
    harness.disconnect(bob)
    let (stranger, _) = harness.logInTagged("BOB")
    harness.discardOutput()
    for line in ["DM bob secret", "SAY @bob secret"] {
      let verb = line.hasPrefix("DM") ? "DM" : "SAY"
      let answer = harness.send(as: alice, "@epoch=\(epoch) \(line)")
      #expect(answer.untagged.last?.hasPrefix("ERR recipient-changed \(verb) BOB is another person now") == true)
      // After the new epoch was sent, the user can be written to.
      let sync = answer.untagged.first { $0.hasPrefix("SYNC @BOB ") }
      #expect((sync != nil) == (verb == "DM"), "\(answer)")
    }
    #expect(harness.takeOutput(of: stranger) == [])
    #expect(person("BOB") != epoch)
    #expect(harness.send(as: alice, "@epoch=\(person("BOB")) DM bob hello").untagged.contains("OK DM"))
    #expect(harness.takeOutput(of: stranger).untagged.last == "DM alice hello")
  }

  @Test func `the identity is the same after a reconnect and a restart, in any epoch`() {
    let (bob, token) = harness.logInTagged("bob")
    let epoch = person("bob")
    harness.disconnect(bob)
    let (again, _) = harness.logInTagged("bob", token: token)
    #expect(harness.send(as: alice, "@epoch=\(epoch) DM bob one").untagged.contains("OK DM"))
    #expect(harness.takeOutput(of: again).untagged.last == "DM alice one")
    let person = epoch.drop { $0 != "." }
    #expect(harness.send(as: alice, "@epoch=other\(person) DM bob two").untagged.contains("OK DM"))
    #expect(harness.send(as: alice, "@epoch=e DM bob three").untagged.contains("OK DM"))
  }

  @Test func `a new bearer of a name differs from the earlier one`() {
    let (bob, _) = harness.logInTagged("bob")
    let epoch = person("bob")
    harness.disconnect(bob)
    harness.discardOutput()
    harness.send(as: harness.connect(), "LOGIN bob")
    let joined = harness.send(as: alice, "PING").first { $0.hasSuffix(" JOINED bob") }
    #expect(joined?.contains("epoch=") == true && joined?.contains(epoch) == false)
    #expect(person("bob") != epoch && !person("bob").isEmpty)
  }

  @Test func `guests differ from owners where names can be owned`() {
    let harness = HubHarness.withPin()
    let neha = harness.logInOwner("neha", TestKey(1))
    harness.send(as: harness.connect(from: .host), "LOGIN plain")
    let lines = harness.send(as: neha, "WHO")
    #expect(harness.takeOutput(of: neha).isEmpty)
    #expect(lines.contains { $0.hasSuffix(";guest USER plain") })
    #expect(lines.contains { $0.hasSuffix(" USER neha") && !$0.contains("guest") })
    #expect(lines.contains { $0.hasSuffix(";guest JOINED plain") })
    #expect(!self.harness.send(as: alice, "WHO").contains { $0.contains("guest") })
  }

  @Test func `guests differ from owners for sessions with tags alone`() {
    let harness = HubHarness.withPin()
    _ = harness.logInOwner("neha", TestKey(1))
    let tags = harness.logIn("tags", "tags")
    let mira = harness.logIn("mira", "tags", "presence")
    #expect(
      harness.send(as: tags, "WHO") == [
        "BATCH +0 who", "@batch=0 USER neha", "@batch=0;guest USER tags", "@batch=0;guest USER mira", "BATCH -0",
      ])
    harness.send(as: harness.connect(), "LOGIN plain")
    let joined = harness.takeOutput(of: mira)
    #expect(joined.count == 1 && joined[0].hasPrefix("@epoch=") && joined[0].hasSuffix(";guest JOINED plain"))
    #expect(harness.takeOutput(of: tags) == [])
  }
}
