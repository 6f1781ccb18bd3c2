import ChatHub
import ChatProtocol
import Testing

@Suite struct PresenceTests {
  @Test func `arrivals and departures are sent to sessions with presence`() {
    let stage = Stage()
    let mira = stage.join("mira", "presence")
    let plain = stage.join("plain")
    let tags = stage.join("tags", "tags")
    #expect(stage.say(mira, "PING") == ["PONG"])
    let neha = stage.open()
    #expect(stage.say(neha, "CAP REQ presence", "LOGIN neha") == ["CAP ACK presence", "OK"])
    #expect(stage.heard(mira).untagged == ["JOINED neha"])
    stage.say(neha, "QUIT")
    #expect(stage.heard(mira) == ["LEFT neha quit"])
    #expect(stage.heard(plain) == ["INFO neha disconnected"])
    #expect(stage.heard(tags) == ["INFO neha disconnected"])
  }

  @Test func `away changes are sent to sessions with presence`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags")
    let mira = stage.join("mira", "presence")
    let plain = stage.join("plain")
    let tags = stage.join("tags", "tags")
    #expect(stage.say(neha, "AWAY  at  lunch") == ["OK AWAY"])
    #expect(stage.heard(mira) == ["AWAY neha  at  lunch"])
    #expect(stage.say(neha, "AWAY") == ["OK AWAY"])
    #expect(stage.heard(mira) == ["BACK neha"])
    #expect(stage.heard(plain) == [])
    #expect(stage.heard(tags) == [])
  }

  @Test func `a change without effect is answered and not announced`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags")
    let mira = stage.join("mira", "presence")
    #expect(stage.say(neha, "AWAY") == ["OK AWAY"])
    #expect(stage.say(neha, "AWAY x", "AWAY x") == ["OK AWAY", "OK AWAY"])
    #expect(stage.say(neha, "AWAY y") == ["OK AWAY"])
    #expect(stage.heard(mira) == ["AWAY neha x", "AWAY neha y"])
  }

  @Test func `away is listed for sessions with tags`() {
    let stage = Stage()
    let neha = stage.join("neha", "presence")
    stage.say(neha, "AWAY at lunch; back soon")
    let tags = stage.join("tags", "tags")
    #expect(
      stage.say(tags, "WHO") == [
        "BATCH +0 who", #"@batch=0;away=at\slunch\:\sback\ssoon USER neha"#, "@batch=0 USER tags", "BATCH -0",
      ])
    #expect(stage.say(neha, "WHO") == ["USER neha", "USER tags"])
    stage.say(neha, "AWAY")
    #expect(stage.say(tags, "WHO") == ["BATCH +1 who", "@batch=1 USER neha", "@batch=1 USER tags", "BATCH -1"])
  }

  @Test func `a user who left while away returns without it`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags")
    stage.say(neha, "AWAY lunch")
    stage.leave(neha)
    let again = stage.join("neha", "tags")
    #expect(stage.say(again, "WHO") == ["BATCH +0 who", "@batch=0 USER neha", "BATCH -0"])
  }

  @Test func `an away message of 256 bytes is accepted`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags")
    let longest = String(repeating: "é", count: 128)
    #expect(stage.say(neha, "AWAY \(longest)") == ["OK AWAY"])
    #expect(stage.say(neha, "AWAY \(longest)x").first?.hasPrefix("ERR away-too-long") == true)
  }

  @Test func `the message of the day is sent to sessions with tags, after their login`() {
    let stage = Stage(HubSettings(messageOfTheDay: ["Welcome.", "", "Be kind."]))
    let tags = stage.open()
    #expect(stage.say(tags, "CAP REQ tags") == ["CAP ACK tags"])
    #expect(stage.say(tags, "LOGIN tags") == ["@idle=60 OK LOGIN", "MOTD Welcome.", "MOTD ", "MOTD Be kind."])
    #expect(stage.say(stage.open(), "LOGIN plain") == ["OK"])
    #expect(stage.say(stage.open(), "CAP REQ presence", "LOGIN mira") == ["CAP ACK presence", "OK"])
  }
}
