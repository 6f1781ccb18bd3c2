import CNcurses
import Platform

/// The encoding of the locale, which determines the characters that curses can draw.
enum CharacterSet {
  /// Adopts the user's locale, or a UTF-8 locale if the user's is another one, as over a bare SSH connection.
  /// - Returns: a warning for the user if there is no UTF-8 locale.
  static func adopt() -> String? {
    setlocale(LC_ALL, "")
    if swiftchat_locale_is_utf8() { return nil }
    // The names that Debian, Red Hat and macOS always provide.
    for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"] {
      if setlocale(LC_CTYPE, name) != nil, swiftchat_locale_is_utf8() { return nil }
    }
    return "this system has no UTF-8 locale: only ASCII can be shown"
  }
}
