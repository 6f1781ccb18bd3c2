import ChatModel
import ChatProtocol
import Testing

@testable import swiftchat

/// `swiftchat who` and `swiftchat rooms`.
@Suite struct ListTaskTests {
  private func format(isJSON: Bool = false) -> ListFormat { ListFormat(isJSON: isJSON, server: "192.0.2.7:4000") }

  @Test func `the people of the server, when the server has listed them`() throws {
    var stage = ScriptStage(WhoTask(.lobby, format: format(), link: .home))
    stage.hear(.connected)
    #expect(stage.take() == [])
    stage.hear(.roster(.lobby, [Person(.neha), Person(Nickname(known: "priya"), away: "lunch\u{1b}")]))
    #expect(stage.end == .success)
    #expect(stage.takeLines() == ["neha\there", "priya\taway\tlunch\u{fffd}"])
  }

  @Test func `the people of a room, which is joined only if it exists`() throws {
    let task = WhoTask(.dev, format: format(), link: .home)
    var stage = ScriptStage(task)
    stage.hear(.connected)
    #expect(stage.takeCommands() == [.listRooms])
    var other = stage
    stage.hear(.rooms([RoomListing(name: .dev, people: 0, topic: "")]), .roster(.lobby, [Person(.neha)]))
    #expect(stage.takeCommands() == [.join(.dev)])
    stage.hear(.roster(.dev, [Person(.neha)]))
    #expect(stage.end == .success)
    other.hear(.rooms([RoomListing(name: .lobby, people: 1, topic: "")]))
    #expect(other.end?.status == .nobody)
    var plain = ScriptStage(task)
    plain.hear(.plain)
    #expect(plain.end?.status == .refused)
  }

  @Test func `a room is not joined before the list has arrived, also after a lost connection`() {
    var stage = ScriptStage(WhoTask(.dev, format: format(), link: .home))
    stage.hear(.connected, .brokenOff, .lost(), .connected)
    #expect(stage.takeCommands() == [.listRooms, .listRooms])
    stage.hear(.notAnswered)
    #expect(stage.takeCommands() == [.listRooms])
    stage.hear(.rooms([RoomListing(name: .lobby, people: 1, topic: "")]))
    #expect(stage.end?.status == .nobody)
    #expect(stage.takeCommands() == [])
  }

  @Test func `a list of rooms that never arrives ends the command after the time limit`() {
    var stage = ScriptStage(RoomsTask(format: format(), link: ScriptLink(endpoint: .home, patience: .seconds(300))))
    stage.hear(.connected)
    for _ in 1...9 {
      stage.pass(.seconds(30))
      stage.hear(.notAnswered)
    }
    #expect(stage.end == nil)
    stage.pass(.seconds(30))
    #expect(stage.end == ScriptEnd(.noConnection, "192.0.2.7:4000 did not answer within 300 s"))
  }

  @Test func `a server that does not say who is there ends the command after the time limit`() throws {
    var stage = ScriptStage(WhoTask(.lobby, format: format(), link: .home))
    stage.hear(.plain)
    stage.pass(.seconds(30))
    #expect(stage.end == ScriptEnd(.noConnection, "192.0.2.7:4000 did not answer within 30 s"))
  }

  @Test func `the rooms of the server, also after a lost connection`() throws {
    var stage = ScriptStage(RoomsTask(format: format(), link: .home))
    stage.hear(.connected, .brokenOff, .lost(), .connected)
    #expect(stage.takeCommands() == [.listRooms, .listRooms])
    stage.hear(.notAnswered)
    #expect(stage.takeCommands() == [.listRooms])
    var refused = stage
    refused.hear(.roomsFailed(reason: "There is no such command."))
    #expect(refused.end == ScriptEnd(.refused, "there is no such command"))
    stage.hear(
      .rooms([RoomListing(name: .dev, people: 2, topic: "a \t topic"), RoomListing(name: .lobby, people: 3, topic: "")])
    )
    #expect(stage.end == .success)
    #expect(stage.takeLines() == ["#dev\t2\ta   topic", "#lobby\t3"])
  }

  @Test func `JSON lines have the documented fields`() {
    let format = format(isJSON: true)
    #expect(
      format.line(of: Person(.neha, away: "", isGuest: true))
        == #"{"away":"","guest":true,"name":"neha","server":"192.0.2.7:4000"}"#)
    #expect(format.line(of: Person(.neha)) == #"{"guest":false,"name":"neha","server":"192.0.2.7:4000"}"#)
    #expect(
      format.line(of: RoomListing(name: .dev, people: 2, topic: "t"))
        == ##"{"name":"#dev","people":2,"server":"192.0.2.7:4000","topic":"t"}"##)
  }
}
