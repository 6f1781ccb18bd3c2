import CNcurses

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the terminal is told beyond what curses tells it, and how to undo it all.
struct Modes: Sendable {
  /// Brackets around pastes, focus reports; no mouse, also none that a crashed program left on; the wheel must not become
  /// arrow keys, which would walk through the input's history; and Alt sends ESC, where xterm would type another
  /// character (1036 for its Meta key, 1039 for one that is Alt only). Terminals ignore what they do not know.
  static let enter =
    "\u{1b}[?9l\u{1b}[?1000l\u{1b}[?1001l\u{1b}[?1002l\u{1b}[?1003l\u{1b}[?1005l\u{1b}[?1006l\u{1b}[?1015l"
    + "\u{1b}[?1007s\u{1b}[?1007l\u{1b}[?1036s\u{1b}[?1036h\u{1b}[?1039s\u{1b}[?1039h"
    + "\u{1b}[?2004h\u{1b}[?1004h"

  /// What undoes `enter`, to be sent when curses has gone. Curses must have been open.
  static var leave: [UInt8] {
    // Without a second screen, the shell's lines would mix with what was drawn.
    let clearing = swiftchat_curses_capability("rmcup") == nil ? capability("clear") : []
    return Array(leaveModes.utf8) + clearing
  }

  /// The modes of the wheel and of Alt as they were, where the terminal has saved them, and that of the wheel else as
  /// most terminals have it.
  private static let leaveModes =
    "\u{1b}[?1004l\u{1b}[?2004l\u{1b}[?1007h\u{1b}[?1007r\u{1b}[?1036r\u{1b}[?1039r"

  /// All that a terminal needs to be usable again after a crash. Curses must be open.
  static var reset: [UInt8] {
    Array(leaveModes.utf8) + ["sgr0", "rmacs", "cnorm", "rmcup"].flatMap(capability) + Array("\r\n".utf8)
  }

  /// Empty if the terminal lacks it.
  private static func capability(_ name: String) -> [UInt8] {
    guard let value = swiftchat_curses_capability(name) else { return [] }
    return withoutPadding(String(cString: value).utf8)
  }

  /// Terminfo writes a delay as `$<5>`.
  static func withoutPadding(_ capability: some Collection<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = capability[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "<"), let end = rest.firstIndex(of: UInt8(ascii: ">")) {
        rest = rest[rest.index(after: end)...]
      } else {
        result.append(byte)
      }
    }
    return result
  }

  /// A window's title, without what could end it early or do something else.
  static func title(_ text: String) -> String {
    let safe = text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
    return "\u{1b}]2;\(String(String.UnicodeScalarView(safe.prefix(200))))\u{07}"
  }

  /// The terminal keeps a stack of titles.
  static let saveTitle = "\u{1b}[22;2t"
  static let restoreTitle = "\u{1b}[23;2t"

  /// Writes all of it, unless the terminal is gone.
  static func send(_ text: String) { send(Array(text.utf8)) }

  static func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
