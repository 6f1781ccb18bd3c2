import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct RoomDirectoryTests {
  private let swift = RoomName(testing: "#swift")
  private let attic = RoomName(testing: "#attic")

  @Test
  func `the room directory keeps topics up to a limit in number and length`() {
    var rooms = RoomDirectory()
    rooms.setTopic(of: swift, String(repeating: "x", count: 100_000))
    #expect(rooms.topic(of: swift)?.utf8.count ?? 0 <= 4096)
    for number in 0..<10_000 { rooms.setTopic(of: RoomName(testing: "#r\(number)"), "t") }
    #expect(rooms.topic(of: RoomName(testing: "#r9999")) == nil)
    rooms.setTopic(of: swift, "topics of known rooms still change at the limit")
    #expect(rooms.topic(of: swift) == "topics of known rooms still change at the limit")
    rooms.setTopic(of: swift, "")
    #expect(rooms.topic(of: swift) == nil)
  }

  @Test
  func `the room directory opens a requested room once, and only that one`() {
    var rooms = RoomDirectory()
    let request = JoinRequest(room: swift, tab: .lobby, input: "draft")
    expectEqual(rooms.endJoining(swift), nil)
    rooms.beginJoining(request)
    expectEqual(rooms.endJoining(attic), nil)
    expectEqual(rooms.endJoining(swift), request)
    expectEqual(rooms.endJoining(swift), nil)
    rooms.beginJoining(request)
    rooms.disconnect()
    expectEqual(rooms.endJoining(swift), nil)
  }

  @Test
  func `the room directory shows a list once after a request, and always stores it`() {
    var rooms = RoomDirectory()
    let listing = RoomListing(name: attic, people: 1, topic: String(repeating: "t", count: 4096))
    rooms.list(Array(repeating: listing, count: 10_000))
    #expect(rooms.listed.count == RoomList.maximum && rooms.listed[0].topic.utf8.count <= 512)
    expectEqual(rooms.endListing(), false)
    rooms.beginListing()
    expectEqual(rooms.endListing(), true)
    expectEqual(rooms.endListing(), false)
    rooms.beginListing()
    rooms.disconnect()
    expectEqual(rooms.endListing(), false)
  }
}
