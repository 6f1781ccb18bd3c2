import ChatProtocol
import Testing

@Suite struct RoomNameTests {
  @Test(arguments: [("#lobby", "#LOBBY"), ("#Ärger", "#äRGER"), ("#é", "#e\u{301}"), ("#ΟΔΟΣ", "#οδος")])
  func `room names that differ in case are equal`(_ one: String, _ other: String) throws {
    let first = try #require(RoomName(one))
    let second = try #require(RoomName(other))
    #expect(first == second)
    #expect(first.hashValue == second.hashValue)
    #expect(first.text.exactly == one.exactly)
    #expect(second.description.exactly == other.exactly)
  }

  @Test func lobby() {
    #expect(RoomName("#LOBBY") == .lobby)
    #expect(RoomName.lobby.text == "#lobby")
    #expect(RoomName("#lobby2") != .lobby)
  }

  @Test func `a room name has a limit in bytes`() {
    #expect(RoomName("#" + String(repeating: "x", count: 63)) != nil)
    #expect(RoomName("#" + String(repeating: "x", count: 64)) == nil)
    #expect(RoomName("#" + String(repeating: "é", count: 31) + "x") != nil)
    #expect(RoomName("#" + String(repeating: "é", count: 32)) == nil)
    #expect(RoomName("#x") != nil)
  }

  @Test(arguments: ["", "#", "lobby", " #lobby", "@x", "＃x"])
  func `invalid room names are refused`(_ text: String) { #expect(RoomName(text) == nil) }

  @Test(arguments: NicknameTests.unfit)
  func forbidden(_ scalar: Unicode.Scalar) {
    for text in ["#\(scalar)", "#a\(scalar)", "#a\(scalar)b", "\(scalar)#a"] { #expect(RoomName(text) == nil) }
  }
}
