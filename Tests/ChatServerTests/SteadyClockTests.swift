import ChatProtocol
import Testing

@testable import ChatServer

/// A clock that jumps for a while has no effect, and a corrected one is followed.
@Suite struct SteadyClockTests {
  private var clock = SteadyClock(patience: .seconds(3600))
  private static let start = Timestamp(milliseconds: 1_795_341_600_000)
  private static let year = Duration.seconds(365 * 86_400)

  private mutating func time(_ wall: Duration, after uptime: Duration) -> Duration {
    let time = clock.time(wall: Self.start.advanced(by: wall), uptime: .seconds(1000) + uptime)
    return .milliseconds(time.milliseconds - Self.start.milliseconds)
  }

  @Test(arguments: [year, .zero - year, .seconds(7200), .seconds(-7200)])
  mutating func `a jump that lasts less than an hour is ignored`(jump: Duration) {
    #expect(time(.zero, after: .zero) == .zero)
    for minute in 1...59 {
      let passed = Duration.seconds(60 * minute)
      #expect(time(passed + jump, after: passed) == passed)
    }
    #expect(time(.seconds(3600), after: .seconds(3600)) == .seconds(3600))
    // The next jump is measured from its own start.
    #expect(time(.seconds(3660) + jump, after: .seconds(3660)) == .seconds(3660))
  }

  @Test mutating func `a clock that stays changed is accepted`() {
    #expect(time(.zero, after: .zero) == .zero)
    #expect(time(.seconds(10) + Self.year, after: .seconds(10)) == .seconds(10))
    #expect(time(.seconds(3609) + Self.year, after: .seconds(3609)) == .seconds(3609))
    #expect(time(.seconds(3610) + Self.year, after: .seconds(3610)) == .seconds(3610) + Self.year)
  }

  @Test mutating func `a clock that is ahead at the start is accepted if it stays so`() {
    clock = SteadyClock(patience: .seconds(3600), after: Self.start, uptime: .seconds(1000))
    #expect(time(Self.year, after: .zero) == .zero)
    #expect(time(Self.year + .seconds(3599), after: .seconds(3599)) == .seconds(3599))
    #expect(time(Self.year + .seconds(3600), after: .seconds(3600)) == Self.year + .seconds(3600))
  }

  @Test mutating func `a clock that is set soon after the start is followed`() {
    clock = SteadyClock(patience: .seconds(3600), after: Self.start, uptime: .seconds(1000))
    #expect(time(Self.year, after: .seconds(5)) == .seconds(5))
    #expect(time(.seconds(200), after: .seconds(20)) == .seconds(200))
  }

  @Test mutating func `a clock that is ahead at the start is accepted sooner than a later jump`() {
    clock = SteadyClock(
      patience: .seconds(86_400), atStart: .seconds(3600), after: Self.start, uptime: .seconds(1000))
    let ahead = Duration.seconds(36_000)
    #expect(time(ahead, after: .zero) == .zero)
    #expect(time(ahead + .seconds(3599), after: .seconds(3599)) == .seconds(3599))
    #expect(time(ahead + .seconds(3600), after: .seconds(3600)) == ahead + .seconds(3600))
    for second in [82_800, 86_400, 169_199] {
      let passed = Duration.seconds(second)
      #expect(time(passed + Self.year, after: passed) == ahead + passed)
    }
    #expect(time(.seconds(169_200) + Self.year, after: .seconds(169_200)) == .seconds(169_200) + Self.year)
  }

  @Test mutating func `a second jump is measured from its own start`() {
    clock = SteadyClock(patience: .seconds(86_400), after: Self.start, uptime: .seconds(1000))
    #expect(time(.seconds(36_000), after: .zero) == .zero)
    for second in [82_800, 86_400, 169_199] {
      let passed = Duration.seconds(second)
      #expect(time(passed + Self.year, after: passed) == passed)
    }
    #expect(time(.seconds(169_200) + Self.year, after: .seconds(169_200)) == .seconds(169_200) + Self.year)
  }

  @Test mutating func `a clock that is set after the start counts from then on`() {
    clock = SteadyClock(
      patience: .seconds(86_400), atStart: .seconds(3600), after: Self.start, uptime: .seconds(1000))
    let ahead = Duration.seconds(36_000)
    #expect(time(.zero - Self.year, after: .zero) == .zero)
    #expect(time(ahead + .seconds(60), after: .seconds(60)) == .seconds(60))
    #expect(time(ahead + .seconds(3659), after: .seconds(3659)) == .seconds(3659))
    #expect(time(ahead + .seconds(3660), after: .seconds(3660)) == ahead + .seconds(3660))
  }

  @Test(arguments: [year, .zero - year])
  mutating func `the earliest time is never ahead of either clock`(jump: Duration) {
    let wall = Self.start.advanced(by: jump)
    clock = SteadyClock(patience: .seconds(3600), after: Self.start, uptime: .seconds(1000))
    let time = clock.earliestTime(wall: wall, uptime: .seconds(1000))
    #expect(time == min(wall, Self.start))
  }

  @Test mutating func `small corrections are applied at once`() {
    #expect(time(.zero, after: .zero) == .zero)
    #expect(time(.seconds(250), after: .seconds(1)) == .seconds(250))
    #expect(time(.seconds(2), after: .seconds(2)) == .seconds(2))
  }

  @Test mutating func `a clock that was not set at the start is set at once`() {
    let unset = clock.time(wall: Timestamp(milliseconds: 5000), uptime: .seconds(5))
    #expect(unset.milliseconds == 5000)
    #expect(time(.zero, after: .seconds(10)) == .zero)
    #expect(Duration.uptime > .zero)
  }
}
