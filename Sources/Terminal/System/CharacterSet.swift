import CNcurses

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The locale's encoding, which decides what curses can draw.
enum CharacterSet {
  /// Adopts the person's locale, or if that is not for UTF-8, as over a bare SSH connection, one that is.
  /// - Returns: what to tell the person if there is none.
  static func adopt() -> String? {
    setlocale(LC_ALL, "")
    if swiftchat_locale_is_utf8() { return nil }
    // The names that Debian, Red Hat and macOS always have.
    for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"] {
      if setlocale(LC_CTYPE, name) != nil, swiftchat_locale_is_utf8() { return nil }
    }
    return "this system has no UTF-8 locale: only ASCII can be shown"
  }
}
