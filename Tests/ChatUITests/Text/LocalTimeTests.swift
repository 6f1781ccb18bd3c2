import ChatProtocol
import Testing

@testable import ChatUI

@Suite
struct LocalTimeTests {
  @Test(
    arguments: [
      (0, 0, "Thursday, 1 January 1970", "00:00"),
      (-1, 0, "Wednesday, 31 December 1969", "23:59"),
      (951_782_400, 0, "Tuesday, 29 February 2000", "00:00"),
      (951_782_400, -60, "Monday, 28 February 2000", "23:59"),
      (951_782_400, 45 * 60, "Tuesday, 29 February 2000", "00:45"),
      (1_795_348_860, 14 * 3600, "Monday, 23 November 2026", "02:01"),
    ] as [(Int64, Int, String, String)])
  func `the local time of a moment`(seconds: Int64, offset: Int, day: String, clock: String) {
    let time = LocalTime(Timestamp(milliseconds: seconds * 1000), offset: offset)
    #expect(time.day == day)
    #expect(time.clock(as: .twentyFourHours) == clock)
  }

  @Test(arguments: [Int64.min, .max], [Int.min, 0, .max])
  func `the local time of moments beyond the calendar`(milliseconds: Int64, offset: Int) {
    let time = LocalTime(Timestamp(milliseconds: milliseconds), offset: offset)
    #expect(!time.day.isEmpty)
    #expect(time.clock(as: .twentyFourHours).count == 5)
    #expect(!time.shortDay.isEmpty)
  }
}
