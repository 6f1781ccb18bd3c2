/// Hyperlinks of the terminal (OSC 8).
enum Hyperlink {
  /// Ends a hyperlink.
  static let end = Array("\u{1b}]8;;\u{1b}\\".utf8)

  /// Terminals ignore longer addresses.
  private static let maximumBytes = 2083

  /// Whether terminals accept the address, which is not too long for them.
  static func isAccepted(_ address: String) -> Bool {
    address.utf8.reduce(0) { $0 + (isPrintable($1) ? 1 : 3) } <= maximumBytes
  }

  private static func isPrintable(_ byte: UInt8) -> Bool { (0x21...0x7e).contains(byte) }

  /// Begins a hyperlink. The parts of a link in several rows have the same id, so that terminals show them as one.
  /// - Returns: nil if the address is too long for terminals.
  static func begin(_ address: String) -> [UInt8]? {
    guard isAccepted(address) else { return nil }
    let encoded = encoded(address)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in encoded { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Array("\u{1b}]8;id=\(String(hash, radix: 16));".utf8) + encoded + Array("\u{1b}\\".utf8)
  }

  /// The address in printable ASCII; everything else is percent-encoded, so that nothing ends the sequence.
  static func encoded(_ address: String) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return address.utf8.flatMap { byte in
      isPrintable(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  /// Whether the terminal is known to support hyperlinks. Others ignore them or, rarely, show their addresses.
  /// - Parameter value: returns the value of an environment variable.
  static func isSupported(_ value: (String) -> String?) -> Bool {
    let type = value("TERM") ?? ""
    // GNU screen shows a part of the sequence.
    if value("STY")?.isEmpty == false { return false }
    let (program, version) = (value("TERM_PROGRAM") ?? "", value("TERM_PROGRAM_VERSION") ?? "")
    if value("TMUX")?.isEmpty == false { return program == "tmux" && isAtLeast((3, 4), version) }
    if ["xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm", "contour"].contains(where: type.hasPrefix) {
      return true
    }
    if ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "mintty", "rio", "Tabby"].contains(program) {
      return true
    }
    if let vte = value("VTE_VERSION").flatMap({ Int($0) }), vte >= 5000 { return true }
    if let konsole = value("KONSOLE_VERSION").flatMap({ Int($0) }), konsole >= 201_200 { return true }
    return value("WT_SESSION")?.isEmpty == false
  }

  /// Whether a version such as `3.3a` is this one or later.
  private static func isAtLeast(_ least: (Int, Int), _ version: String) -> Bool {
    let parts = version.split(separator: ".").map { Int($0.prefix { $0.isASCII && $0.isNumber }) ?? 0 }
    guard let major = parts.first else { return false }
    return (major, parts.count > 1 ? parts[1] : 0) >= least
  }
}
