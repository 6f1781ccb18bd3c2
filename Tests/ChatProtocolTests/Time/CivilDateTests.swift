import ChatProtocol
import Testing

@Suite struct CivilDateTests {
  @Test(
    arguments: [
      (0, 1970, 1, 1), (-1, 1969, 12, 31), (59, 1970, 3, 1), (11_016, 2000, 2, 29), (11_017, 2000, 3, 1),
      (-25_509, 1900, 2, 28), (-25_508, 1900, 3, 1), (20_779, 2026, 11, 22), (-719_528, 0, 1, 1),
      (-719_469, 0, 2, 29), (-719_468, 0, 3, 1), (2_932_896, 9999, 12, 31), (-141_427, 1582, 10, 15),
    ] as [(Int64, Int64, Int64, Int64)])
  func known(_ days: Int64, _ year: Int64, _ month: Int64, _ day: Int64) {
    let date = CivilDate(year: year, month: month, day: day)
    #expect(date.daysSince1970 == days)
    #expect(CivilDate(daysSince1970: days) == date)
  }

  /// Four centuries are one period of the calendar; each of its days is tested in order.
  @Test func `every day of a period`() {
    let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var days = CivilDate(year: 1800, month: 1, day: 1).daysSince1970
    var mistakes = 0
    for year in Int64(1800)..<2200 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for month in Int64(1)...12 {
        let length = lengths[Int(month - 1)] + (isLeap && month == 2 ? 1 : 0)
        for day in 1...length {
          let date = CivilDate(year: year, month: month, day: day)
          if date.daysSince1970 != days || CivilDate(daysSince1970: days) != date { mistakes += 1 }
          days += 1
        }
      }
    }
    #expect(mistakes == 0)
    #expect(days == CivilDate(year: 2200, month: 1, day: 1).daysSince1970)
  }
}
