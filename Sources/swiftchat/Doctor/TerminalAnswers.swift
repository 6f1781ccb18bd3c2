import TerminalTypes

/// The answers of the terminal. All questions are sent together. Every terminal answers the last one, so that no other
/// answer can follow it.
struct TerminalAnswers: Equatable {
  /// States of private modes as DECRPM reports them: 0 for an unknown mode.
  private(set) var modes: [Int: Int] = [:]
  /// The columns in cursor position reports, counted from 1.
  private(set) var columns: [Int] = []
  /// Whether the terminal has the capability `Ms`, which sets the clipboard (XTGETTCAP).
  private(set) var setsClipboard: Bool?
  /// The last question was answered.
  private(set) var isComplete = false
  /// Ctrl+C was pressed.
  private(set) var isInterrupted = false

  static let focusMode = 1004
  static let pasteMode = 2004

  /// - Parameter asksStrings: whether the terminal is known to read control strings; others would print them.
  static func questions(asksStrings: Bool) -> String {
    var text = "\u{1b}[?\(focusMode)$p\u{1b}[?\(pasteMode)$p"
    if asksStrings { text += "\u{1b}P+q4d73\u{1b}\\" }
    for sample in WidthSample.all { text += "\r\(sample.text)\u{1b}[6n" }
    // Erases the samples.
    return text + "\r\u{1b}[K\u{1b}[c"
  }

  /// The measured width of each sample; nil unless all were measured.
  var widths: [Int]? {
    columns.count == WidthSample.all.count ? columns.map { $0 - 1 } : nil
  }

  /// Parses the bytes from the terminal, and skips key presses among them.
  init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      if byte == 0x03 { isInterrupted = true }
      guard byte == 0x1b, let kind = rest.popFirst() else { continue }
      switch kind {
      case UInt8(ascii: "["):
        guard let end = rest.firstIndex(where: { (0x40...0x7e).contains($0) }) else { return }
        readControl(rest[..<end], final: rest[end])
        rest = rest[rest.index(after: end)...]
      case UInt8(ascii: "P"), UInt8(ascii: "]"):
        guard let end = rest.firstIndex(where: { $0 == 0x07 || $0 == 0x1b }) else { return }
        if kind == UInt8(ascii: "P") { readString(rest[..<end]) }
        rest = rest[rest.index(after: end)...]
        if rest.first == UInt8(ascii: "\\") { rest.removeFirst() }
      default: break
      }
    }
  }

  private mutating func readControl(_ parameters: ArraySlice<UInt8>, final: UInt8) {
    let text = String(decoding: parameters, as: UTF8.self)
    let numbers = text.drop { "?>=".contains($0) }.prefix { $0 != "$" }.split(separator: ";").map { Int($0) ?? 0 }
    switch final {
    case UInt8(ascii: "R") where numbers.count == 2 && columns.count < WidthSample.all.count: columns.append(numbers[1])
    case UInt8(ascii: "y") where numbers.count == 2: modes[numbers[0]] = numbers[1]
    case UInt8(ascii: "c"): isComplete = true
    default: break
    }
  }

  private mutating func readString(_ text: ArraySlice<UInt8>) {
    let text = String(decoding: text, as: UTF8.self)
    if text.hasPrefix("1+r4d73") || text.hasPrefix("1+r4D73") {
      setsClipboard = true
    } else if text.hasPrefix("0+r") {
      setsClipboard = false
    }
  }
}

/// The bytes that the Alt key sends.
enum AltAnswer: Equatable {
  case works
  /// Another character.
  case types(String)
  /// Enter, another key, or nothing.
  case skipped

  static let question = "Press Alt+A, or Enter to leave this out: "

  static func isComplete(_ bytes: [UInt8]) -> Bool {
    // Escape alone may be the first byte of Alt+A.
    guard let first = bytes.first else { return false }
    return first != 0x1b || bytes.count > 1
  }

  init(_ bytes: [UInt8]) {
    switch bytes {
    case [0x1b, UInt8(ascii: "a")], [0x1b, UInt8(ascii: "A")]: self = .works
    case [], [0x0d], [0x0a], [0x03], [0x1b]: self = .skipped
    // The protocols of kitty and xterm for modified keys.
    case Array("\u{1b}[97;3u".utf8), Array("\u{1b}[27;3;97~".utf8): self = .works
    // Another key, such as an arrow.
    case let bytes where bytes.first == 0x1b: self = .skipped
    default: self = .types(String(decoding: bytes, as: UTF8.self))
    }
  }
}
