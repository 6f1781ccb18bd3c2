import ChatProtocol
import Testing

@Suite struct MonotonicTimeTests {
  private static let distantPast = MonotonicTime(nanoseconds: .min)

  @Test func arithmetic() {
    let time = MonotonicTime(nanoseconds: 1_000_000_000)
    #expect(time + .seconds(2) == MonotonicTime(nanoseconds: 3_000_000_000))
    #expect(time + .milliseconds(-1500) == MonotonicTime(nanoseconds: -500_000_000))
    #expect(time + .seconds(2) - time == .seconds(2))
    #expect(time - (time + .seconds(2)) == .seconds(-2))
    #expect(time < time + .nanoseconds(1))
    #expect(time + .zero == time)
  }

  @Test func `monotonic time saturates above`() {
    #expect(MonotonicTime.distantFuture + .nanoseconds(1) == .distantFuture)
    #expect(MonotonicTime.distantFuture + .seconds(Int64.max) == .distantFuture)
    #expect(MonotonicTime(nanoseconds: 0) + .seconds(Int64.max) == .distantFuture)
    #expect(MonotonicTime.distantFuture - Self.distantPast == .nanoseconds(Int64.max))
  }

  @Test func `monotonic time saturates below`() {
    #expect(Self.distantPast + .nanoseconds(-1) == Self.distantPast)
    #expect(MonotonicTime(nanoseconds: -5) + .seconds(Int64.min) == Self.distantPast)
    #expect(Self.distantPast - .distantFuture == .nanoseconds(Int64.min))
  }

  @Test(
    arguments: [
      (.zero, 0), (.nanoseconds(1), 1), (.nanoseconds(-1), -1), (.milliseconds(-1500), -1_500_000_000),
      (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 0),
      (.nanoseconds(Int64.max), .max), (.nanoseconds(Int64.min), .min),
      (.nanoseconds(Int64.max) + .nanoseconds(1), .max), (.nanoseconds(Int64.min) + .nanoseconds(-1), .min),
      (.seconds(9_223_372_036) + .nanoseconds(999_999_999), .max),
      (.seconds(-9_223_372_036) + .nanoseconds(-999_999_999), .min),
      (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
    ] as [(Duration, Int64)])
  func nanoseconds(_ duration: Duration, _ nanoseconds: Int64) { #expect(duration.nanoseconds == nanoseconds) }
}
