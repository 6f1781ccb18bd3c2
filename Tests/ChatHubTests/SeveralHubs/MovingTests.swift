import ChatProtocol
import ChatRecords
import NIOCore
import Testing

@testable import ChatHub

@Suite struct MovingTests {
  @Test(arguments: [(HubID(0), ByeReason.shutdown), (HubID(1), .moving)])
  func `a hub that ends says whether others go on`(_ id: HubID, _ reason: ByeReason) {
    var hub = Hub(id: id)
    var actions: [HubAction] = []
    let now = MonotonicTime(nanoseconds: 0)
    hub.apply(.opened(SessionID(1)), at: now, into: &actions)
    hub.apply(.shutdown, at: now, into: &actions)
    #expect(actions.contains(.send(SessionID(1), .bye(reason, text: reason.explanation), Tags())))
  }

  @Test func `a session without tags hears the word that it knows`() {
    for (capabilities, line) in [
      (Capabilities(), "INFO server-shutting-down\n"), (.tags, "BYE moving \(ByeReason.moving.explanation)\n"),
    ] {
      var buffer = ByteBuffer()
      ServerMessage.bye(.moving, text: ByeReason.moving.explanation).write(into: &buffer, for: capabilities)
      #expect(String(buffer: buffer) == line)
    }
  }
}
