import ChatHub
import ChatProtocol
import Testing

@Suite struct PresenceTests {
  @Test func `arrivals and departures are sent to sessions with presence`() {
    let harness = HubHarness()
    let mira = harness.logIn("mira", "presence")
    let plain = harness.logIn("plain")
    let tags = harness.logIn("tags", "tags")
    #expect(harness.send(as: mira, "PING") == ["PONG"])
    let neha = harness.connect()
    #expect(harness.send(as: neha, "CAP REQ presence", "LOGIN neha") == ["CAP ACK presence", "OK"])
    #expect(harness.takeOutput(of: mira).untagged == ["JOINED neha"])
    harness.send(as: neha, "QUIT")
    #expect(harness.takeOutput(of: mira) == ["LEFT neha quit"])
    #expect(harness.takeOutput(of: plain) == ["INFO neha disconnected"])
    #expect(harness.takeOutput(of: tags) == ["INFO neha disconnected"])
  }

  @Test func `away changes are sent to sessions with presence`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    let mira = harness.logIn("mira", "presence")
    let plain = harness.logIn("plain")
    let tags = harness.logIn("tags", "tags")
    #expect(harness.send(as: neha, "AWAY  at  lunch") == ["OK AWAY"])
    #expect(harness.takeOutput(of: mira) == ["AWAY neha  at  lunch"])
    #expect(harness.send(as: neha, "AWAY") == ["OK AWAY"])
    #expect(harness.takeOutput(of: mira) == ["BACK neha"])
    #expect(harness.takeOutput(of: plain) == [])
    #expect(harness.takeOutput(of: tags) == [])
  }

  @Test func `a change without effect is answered and not announced`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    let mira = harness.logIn("mira", "presence")
    #expect(harness.send(as: neha, "AWAY") == ["OK AWAY"])
    #expect(harness.send(as: neha, "AWAY x", "AWAY x") == ["OK AWAY", "OK AWAY"])
    #expect(harness.send(as: neha, "AWAY y") == ["OK AWAY"])
    #expect(harness.takeOutput(of: mira) == ["AWAY neha x", "AWAY neha y"])
  }

  @Test func `away is listed for sessions with tags`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "presence")
    harness.send(as: neha, "AWAY at lunch; back soon")
    let tags = harness.logIn("tags", "tags")
    #expect(
      harness.send(as: tags, "WHO") == [
        "BATCH +0 who", #"@batch=0;away=at\slunch\:\sback\ssoon USER neha"#, "@batch=0 USER tags", "BATCH -0",
      ])
    #expect(harness.send(as: neha, "WHO") == ["USER neha", "USER tags"])
    harness.send(as: neha, "AWAY")
    #expect(harness.send(as: tags, "WHO") == ["BATCH +1 who", "@batch=1 USER neha", "@batch=1 USER tags", "BATCH -1"])
  }

  @Test func `a long list is made once, and again after every change of it`() {
    let harness = HubHarness()
    let names = (0..<70).map { "member\($0)" }
    let members = names.map { harness.logIn($0, "tags") }
    let plain = harness.logIn("plain")
    func list() -> MemberList? {
      harness.actions.lazy.compactMap { if case .list(_, let list) = $0 { list } else { nil } }.first
    }
    func tagged(_ names: [String], away: String? = nil) -> [String] {
      let lines = names.map { "@batch=who\($0 == away ? ";away=lunch" : "") USER \($0)" }
      return ["BATCH +who who"] + lines + ["BATCH -who"]
    }
    #expect(harness.send(as: members[0], "WHO") == tagged(names + ["plain"]))
    let first = list()
    #expect(first != nil)
    harness.send(as: members[1], "MSG hello")
    harness.discardOutput()
    #expect(harness.send(as: members[1], "@label=7 WHO").first == "@label=7 BATCH +who who")
    #expect(list() === first)
    #expect(harness.send(as: plain, "WHO") == (names + ["plain"]).map { "USER \($0)" })
    #expect(list() !== first)
    harness.send(as: members[3], "AWAY lunch")
    harness.discardOutput()
    #expect(harness.send(as: members[0], "WHO") == tagged(names + ["plain"], away: "member3"))
    harness.disconnect(members[3])
    harness.discardOutput()
    let others = names.filter { $0 != "member3" }
    #expect(harness.send(as: members[0], "WHO") == tagged(others + ["plain"]))
    _ = harness.logIn("newest")
    #expect(harness.send(as: members[0], "WHO") == tagged(others + ["plain", "newest"]))
  }

  @Test func `a long list of a room changes with its members`() {
    let harness = HubHarness()
    let names = (0..<70).map { "member\($0)" }
    let members = names.map { harness.logIn($0, "tags", "rooms") }
    for member in members { harness.send(as: member, "JOIN #dev") }
    harness.discardOutput()
    func tagged(_ names: [String]) -> [String] {
      ["BATCH +who who #dev"] + names.map { "@batch=who USER \($0)" } + ["BATCH -who"]
    }
    #expect(harness.send(as: members[0], "WHO #dev") == tagged(names))
    harness.send(as: members[9], "PART #dev")
    harness.discardOutput()
    #expect(harness.send(as: members[0], "WHO #dev") == tagged(names.filter { $0 != "member9" }))
    harness.send(as: members[9], "JOIN #dev")
    harness.discardOutput()
    #expect(harness.send(as: members[0], "WHO #dev") == tagged(names.filter { $0 != "member9" } + ["member9"]))
  }

  @Test func `a user who left while away returns without it`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    harness.send(as: neha, "AWAY lunch")
    harness.disconnect(neha)
    let again = harness.logIn("neha", "tags")
    #expect(harness.send(as: again, "WHO") == ["BATCH +0 who", "@batch=0 USER neha", "BATCH -0"])
  }

  @Test func `an away message of 256 bytes is accepted`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    let longest = String(repeating: "é", count: 128)
    #expect(harness.send(as: neha, "AWAY \(longest)") == ["OK AWAY"])
    #expect(harness.send(as: neha, "AWAY \(longest)x").first?.hasPrefix("ERR away-too-long") == true)
  }

  @Test func `the message of the day is sent to sessions with tags, after their login`() {
    let harness = HubHarness(HubSettings(messageOfTheDay: ["Welcome.", "", "Be kind."]))
    let tags = harness.connect()
    #expect(harness.send(as: tags, "CAP REQ tags") == ["CAP ACK tags"])
    #expect(harness.send(as: tags, "LOGIN tags") == ["@idle=60 OK LOGIN", "MOTD Welcome.", "MOTD ", "MOTD Be kind."])
    #expect(harness.send(as: harness.connect(), "LOGIN plain") == ["OK"])
    #expect(harness.send(as: harness.connect(), "CAP REQ presence", "LOGIN mira") == ["CAP ACK presence", "OK"])
  }
}
