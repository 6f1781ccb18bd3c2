import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import swiftchat

/// Delivery of network events to the main actor.
@Suite
struct DeliveryTimingTests {
  private var timing = DeliveryTiming(every: .milliseconds(16))
  private let start = MonotonicTime(nanoseconds: 1)

  private func after(_ milliseconds: Int) -> MonotonicTime { start + .milliseconds(milliseconds) }

  @Test
  mutating func `the first value after a pause is delivered at once`() {
    #expect(timing.post(isUrgent: false, at: start) == .zero)
    timing.deliver(at: start)
    #expect(timing.post(isUrgent: false, at: after(16)) == .zero)
  }

  @Test
  mutating func `values that follow closely share one delivery`() {
    timing.deliver(at: start)
    #expect(timing.post(isUrgent: false, at: after(1)) == .milliseconds(15))
    #expect(timing.post(isUrgent: false, at: after(2)) == nil)
    #expect(timing.post(isUrgent: false, at: after(15)) == nil)
    timing.deliver(at: after(17))
    #expect(timing.post(isUrgent: false, at: after(20)) == .milliseconds(13))
  }

  @Test
  mutating func `an urgent value does not wait for a scheduled delivery`() {
    timing.deliver(at: start)
    #expect(timing.post(isUrgent: false, at: after(1)) == .milliseconds(15))
    #expect(timing.post(isUrgent: true, at: after(2)) == .zero)
    #expect(timing.post(isUrgent: true, at: after(2)) == nil)
    #expect(timing.post(isUrgent: false, at: after(3)) == nil)
    timing.deliver(at: after(4))
    #expect(timing.post(isUrgent: true, at: after(5)) == .zero)
  }

  @Test
  func `own messages and answers are urgent, and the events of others are not`() {
    func message(isOwn: Bool, answersSend: SendID? = nil) -> ClientEvent {
      .message(
        ChatMessage(
          target: .lobby, author: Nickname(testing: "neha"), text: "hi", time: Timestamp(milliseconds: 0), isOwn: isOwn,
          answersSend: answersSend))
    }
    #expect(message(isOwn: true).isUrgent)
    #expect(message(isOwn: false, answersSend: SendID(1)).isUrgent)
    #expect(ClientEvent.lag(.zero, wasAsked: true).isUrgent)
    #expect(ClientEvent.sendFailed(SendID(1), reason: "no").isUrgent)
    #expect(!message(isOwn: false).isUrgent)
    #expect(!ClientEvent.joined(Nickname(testing: "zoe"), .lobby).isUrgent)
  }
}
