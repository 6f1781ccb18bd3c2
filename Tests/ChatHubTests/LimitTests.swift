import ChatHub
import ChatProtocol
import Testing

@Suite struct LimitTests {
  @Test func `beyond the limit a connection is refused as full`() {
    let stage = Stage(HubSettings(maximumSessions: 2))
    let neha = stage.join("neha")
    let stranger = stage.open()
    let third = stage.open()
    #expect(stage.heard(third) == ["ERR server-full"])
    #expect(stage.end(third) == .full)
    #expect(stage.say(third, "LOGIN mira") == [])
    stage.leave(third)
    #expect(stage.hub.sessionCount == 2)
    stage.leave(stranger)
    #expect(stage.say(stage.open(), "LOGIN mira") == ["OK"])
    #expect(stage.heard(neha) == [])
  }

  @Test func `a shutdown is sent to every session, logged in or not, and ends every connection`() {
    let stage = Stage()
    let plain = stage.join("plain")
    let tags = stage.join("tags", "tags", "presence")
    let stranger = stage.open()
    stage.shutDown()
    #expect(stage.heard(plain) == ["INFO server-shutting-down"])
    #expect(stage.heard(tags) == ["BYE server-shutting-down The server is shutting down."])
    #expect(stage.heard(stranger) == ["INFO server-shutting-down"])
    #expect([plain, tags, stranger].map { stage.end($0) } == [.shutdown, .shutdown, .shutdown])
    #expect(stage.hub.sessionCount == 0)
    #expect(stage.hub.peopleCount == 0)
    stage.leave(plain)
    stage.shutDown()
    stage.wait(.seconds(3600))
    #expect(stage.heard(tags) == [])
  }
}
