import ChatUI
import Platform

/// The local time zone, which may change while the program runs.
enum LocalZone {
  /// The file that the C library reads if `TZ` names none.
  private static let file = "/etc/localtime"

  /// Call this before starting other threads. The C library reads the file that `TZ` names only once. If `TZ` names the
  /// default file, this method removes the variable, so that changes are noticed.
  static func adopt() {
    guard let zone = getenv("TZ").map({ String(cString: $0) }), zone == file || zone == ":" + file else { return }
    unsetenv("TZ")
  }

  /// Reloads the zone if it has changed. Otherwise the cost is one check of the file.
  static func refresh() { tzset() }

  /// The offset of the time zone from UTC in seconds, as of the last `refresh`.
  static let offset: LocalOffset = { time in
    var seconds = time_t(time.milliseconds / 1000)
    var local = tm()
    guard localtime_r(&seconds, &local) != nil else { return 0 }
    return local.tm_gmtoff
  }
}
