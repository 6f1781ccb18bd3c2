import CNcurses
import Platform
import TerminalTypes

/// Terminal modes beyond those that curses sets, and the sequences that reset them.
struct Modes: Sendable {
  /// Bracketed paste and focus reports on. Mouse reports off, in case a crashed program left them on. The wheel must
  /// not send arrow keys, which would walk through the input history. Alt sends ESC, where xterm would type another
  /// character (1036 for its Meta key, 1039 for Alt). Terminals ignore unknown modes.
  static let enter =
    "\u{1b}[?9l\u{1b}[?1000l\u{1b}[?1001l\u{1b}[?1002l\u{1b}[?1003l\u{1b}[?1005l\u{1b}[?1006l\u{1b}[?1015l"
    + "\u{1b}[?1007s\u{1b}[?1007l\u{1b}[?1036s\u{1b}[?1036h\u{1b}[?1039s\u{1b}[?1039h"
    + "\u{1b}[?2004h\u{1b}[?1004h"

  /// Reports of buttons and of the wheel, with numbers of any size. Movements, of which there would be many, are not
  /// reported.
  static let useMouse = "\u{1b}[?1000h\u{1b}[?1006h"
  static let leaveMouse = "\u{1b}[?1006l\u{1b}[?1000l"

  /// Resets the modes of `enter` and of the mouse; sent after curses has ended. Curses must have been open.
  static var leave: [UInt8] {
    // Without an alternate screen, the shell's lines would mix with the chat's.
    let clearing = swiftchat_curses_capability("rmcup") == nil ? capability("clear") : []
    return Array(leaveModes.utf8) + clearing
  }

  /// Restores the saved modes of the wheel and of Alt on terminals that save modes; otherwise sets the wheel to the
  /// usual default.
  private static let leaveModes =
    leaveMouse + "\u{1b}[?1004l\u{1b}[?2004l\u{1b}[?1007h\u{1b}[?1007r\u{1b}[?1036r\u{1b}[?1039r"

  /// Makes the terminal usable after a crash. Curses must be open.
  static var reset: [UInt8] {
    Array(leaveModes.utf8) + ["sgr0", "rmacs", "cnorm", "rmcup"].flatMap(capability) + Array("\r\n".utf8)
  }

  /// Empty if the terminal lacks the capability.
  private static func capability(_ name: String) -> [UInt8] {
    guard let value = swiftchat_curses_capability(name) else { return [] }
    return withoutPadding(String(cString: value).utf8)
  }

  /// Removes delays, which terminfo writes as `$<5>`.
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

  /// The sequence that sets the window's title. Control characters, which could end or change it, are removed.
  static func title(_ text: String) -> String {
    "\u{1b}]2;\(text.withoutControls(upTo: 200))\u{07}"
  }

  /// The sequence that copies a text to the clipboard (OSC 52). Longer texts are cut: terminals ignore sequences above
  /// a limit, which is 100 kB or less.
  static func copy(_ text: String) -> String {
    var bytes = text.utf8.prefix(longestCopy)
    // Not within a character.
    while bytes.endIndex < text.utf8.endIndex, text.utf8[bytes.endIndex] & 0xc0 == 0x80 { bytes.removeLast() }
    return "\u{1b}]52;c;\(String(decoding: Base64.encode(bytes), as: UTF8.self))\u{07}"
  }

  private static let longestCopy = 48 << 10

  /// Saves the title on the terminal's stack of titles.
  static let saveTitle = "\u{1b}[22;2t"
  static let restoreTitle = "\u{1b}[23;2t"

  /// Writes the whole text, unless the terminal is gone.
  static func send(_ text: String) { send(Array(text.utf8)) }

  static func send(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) {
    swiftchat_write_all(descriptor, bytes, bytes.count)
  }
}
