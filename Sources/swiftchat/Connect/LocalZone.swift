import ChatUI

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// This machine's time zone, which may change while the program runs.
enum LocalZone {
  /// The file that the C library reads where `TZ` names none.
  private static let file = "/etc/localtime"

  /// To be called before there are other threads. Where `TZ` names the very file that is read without it, the C library
  /// reads it only once, so the variable is removed.
  static func adopt() {
    guard let zone = getenv("TZ").map({ String(cString: $0) }), zone == file || zone == ":" + file else { return }
    unsetenv("TZ")
  }

  /// Reads the zone again if it has changed. Otherwise it costs one look at the file.
  static func refresh() { tzset() }

  /// Seconds by which the time zone is ahead of UTC, as of the last `refresh`.
  static let offset: LocalOffset = { time in
    var seconds = time_t(time.milliseconds / 1000)
    var local = tm()
    guard localtime_r(&seconds, &local) != nil else { return 0 }
    return local.tm_gmtoff
  }
}
