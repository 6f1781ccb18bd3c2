import ChatHub
import ChatProtocol
import Testing

/// A direct message states the account that it is addressed to.
@Suite struct RecipientTests {
  private let stage = Stage()
  private let alice: SessionID

  init() { (alice, _) = stage.arrive("alice") }

  /// The epoch that identifies the bearer of the name, from the roster.
  private func person(_ name: String) -> String {
    for line in stage.say(alice, "WHO") where line.hasSuffix(" USER \(name)") {
      guard let range = line.firstRange(of: "epoch=") else { continue }
      return String(line[range.upperBound...].prefix { $0 != ";" && $0 != " " })
    }
    return ""
  }

  @Test func `a message does not reach another user who took a guest's name`() {
    let (bob, _) = stage.arrive("bob")
    let epoch = person("bob")
    #expect(stage.say(alice, "@epoch=\(epoch) DM bob one").untagged.contains("OK DM"))
    #expect(stage.heard(bob).untagged.last == "DM alice one")
    stage.leave(bob)
    let (stranger, _) = stage.arrive("BOB")
    stage.forget()
    for line in ["DM bob secret", "SAY @bob secret"] {
      let verb = line.hasPrefix("DM") ? "DM" : "SAY"
      let answer = stage.say(alice, "@epoch=\(epoch) \(line)")
      #expect(answer.untagged.last?.hasPrefix("ERR recipient-changed \(verb) BOB is another person now") == true)
      // After the new epoch was sent, the user can be written to.
      let sync = answer.untagged.first { $0.hasPrefix("SYNC @BOB ") }
      #expect((sync != nil) == (verb == "DM"), "\(answer)")
    }
    #expect(stage.heard(stranger) == [])
    #expect(person("BOB") != epoch)
    #expect(stage.say(alice, "@epoch=\(person("BOB")) DM bob hello").untagged.contains("OK DM"))
    #expect(stage.heard(stranger).untagged.last == "DM alice hello")
  }

  @Test func `the identity is the same after a reconnect and a restart, in any epoch`() {
    let (bob, token) = stage.arrive("bob")
    let epoch = person("bob")
    stage.leave(bob)
    let (again, _) = stage.arrive("bob", token: token)
    #expect(stage.say(alice, "@epoch=\(epoch) DM bob one").untagged.contains("OK DM"))
    #expect(stage.heard(again).untagged.last == "DM alice one")
    let person = epoch.drop { $0 != "." }
    #expect(stage.say(alice, "@epoch=other\(person) DM bob two").untagged.contains("OK DM"))
    #expect(stage.say(alice, "@epoch=e DM bob three").untagged.contains("OK DM"))
  }

  @Test func `a new bearer of a name differs from the earlier one`() {
    let (bob, _) = stage.arrive("bob")
    let epoch = person("bob")
    stage.leave(bob)
    stage.forget()
    stage.say(stage.open(), "LOGIN bob")
    let joined = stage.say(alice, "PING").first { $0.hasSuffix(" JOINED bob") }
    #expect(joined?.contains("epoch=") == true && joined?.contains(epoch) == false)
    #expect(person("bob") != epoch && !person("bob").isEmpty)
  }

  @Test func `guests differ from owners where names can be owned`() {
    let stage = Stage.provable()
    let neha = stage.settle("neha", Identity(1))
    stage.say(stage.open(from: .host), "LOGIN plain")
    let lines = stage.say(neha, "WHO")
    #expect(stage.heard(neha).isEmpty)
    #expect(lines.contains { $0.hasSuffix(";guest USER plain") })
    #expect(lines.contains { $0.hasSuffix(" USER neha") && !$0.contains("guest") })
    #expect(lines.contains { $0.hasSuffix(";guest JOINED plain") })
    #expect(!self.stage.say(alice, "WHO").contains { $0.contains("guest") })
  }
}
