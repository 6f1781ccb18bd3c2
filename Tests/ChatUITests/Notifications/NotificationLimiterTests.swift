import ChatProtocol
import Testing

@testable import ChatUI

/// The limit for notifications and the bell.
@Suite
struct NotificationLimiterTests {
  @Test
  func `the number of bells is limited`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe", "akash"])
    harness.focus(false)
    var heard = 0
    for second in 0..<600 {
      for _ in 0..<20 {
        harness.receiveDirectMessage(from: second.isMultiple(of: 2) ? "zoe" : "akash", "psst")
        harness.receiveMessage(from: "zoe", "neha!")
      }
      heard += harness.takeBells()
      harness.advanceClock(by: 1)
    }
    #expect((5...16).contains(heard), "\(heard)")
    // After typing, the bell rings again soon, but not with every key.
    for _ in 0..<20 {
      harness.press("a")
      harness.receiveDirectMessage(from: "zoe", "psst")
    }
    #expect(harness.takeBells() <= 1)
    harness.advanceClock(by: 2)
    harness.receiveDirectMessage(from: "zoe", "psst")
    #expect(harness.takeBells() == 1)
    // A clock that is set back does not silence the bell.
    harness.advanceClock(by: -3600)
    harness.receiveDirectMessage(from: "zoe", "psst")
    #expect(harness.takeBells() == 1)
  }
}
