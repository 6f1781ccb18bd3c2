import ChatProtocol

/// The offset of local time from UTC at a moment, in seconds. A parameter, so that the screen depends on its state
/// only.
public typealias LocalOffset = @Sendable (Timestamp) -> Int

/// A moment in local time.
struct LocalTime {
  let date: CivilDate
  let hour: Int
  let minute: Int

  init(_ time: Timestamp, offset: Int) {
    let (seconds, _) = (time.milliseconds / 1000).addingReportingOverflow(Int64(offset))
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = Int(seconds - day * 86_400)
    date = CivilDate(daysSince1970: day)
    hour = rest / 3600
    minute = rest / 60 % 60
  }

  func isSameMinute(as other: LocalTime) -> Bool {
    minute == other.minute && hour == other.hour && date == other.date
  }

  /// `09:05` or `3:51 pm`.
  func clock(as format: TimeFormat) -> String {
    guard format == .twelveHours else { return "\(twoDigits(hour)):\(twoDigits(minute))" }
    return "\(hour % 12 == 0 ? 12 : hour % 12):\(twoDigits(minute)) \(hour < 12 ? "am" : "pm")"
  }

  /// As `clock`, but right-aligned in `format.columns` columns.
  func clockColumn(as format: TimeFormat) -> String { clock(as: format).rightAligned(to: format.columns) }

  /// `22 Nov` if the year is the one of `today`, otherwise `2026-11-22`.
  func day(seenFrom today: LocalTime) -> String {
    date.year == today.date.year ? "\(date.day) \(month.prefix(3))" : isoDay
  }

  /// As `day`, but right-aligned in six columns if it has no year.
  func dayColumn(seenFrom today: LocalTime) -> String { day(seenFrom: today).rightAligned(to: 6) }

  /// `Sunday, 22 November 2026`
  var day: String {
    "\(weekday), \(date.day) \(month) \(date.year)"
  }

  /// `Sun, 22 Nov 2026`
  var shortDay: String { "\(weekday.prefix(3)), \(date.day) \(month.prefix(3)) \(date.year)" }

  /// `2026-11-22`
  var isoDay: String { "\(date.year)-\(twoDigits(Int(date.month)))-\(twoDigits(Int(date.day)))" }

  private var weekday: String { Self.weekdays[Int((date.daysSince1970 % 7 + 11) % 7)] }
  private var month: String { Self.months[min(max(Int(date.month) - 1, 0), 11)] }

  private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// 1970 began on a Thursday.
  private static let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
}

extension String {
  fileprivate func rightAligned(to width: Int) -> String {
    String(repeating: " ", count: max(width - count, 0)) + self
  }
}
