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

  /// `09:05`
  var clock: String { "\(twoDigits(hour)):\(twoDigits(minute))" }

  /// `15:51` or ` 3:51 pm`, always `format.columns` wide.
  func clock(as format: TimeFormat) -> String {
    guard format == .twelveHours else { return clock }
    let hour = hour % 12 == 0 ? 12 : hour % 12
    return "\(hour < 10 ? " " : "")\(hour):\(twoDigits(minute)) \(self.hour < 12 ? "am" : "pm")"
  }

  /// `Sunday, 22 November 2026`
  var day: String {
    "\(weekday), \(date.day) \(month) \(date.year)"
  }

  /// `Sun, 22 Nov 2026`
  var shortDay: String { "\(weekday.prefix(3)), \(date.day) \(month.prefix(3)) \(date.year)" }

  /// `22 Nov`, padded to a fixed width.
  var dayOfYear: String { "\(date.day < 10 ? " " : "")\(date.day) \(month.prefix(3))" }

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
