import TerminalTypes

/// A text whose width in the terminal is measured by the position of the cursor after it.
struct WidthSample: Equatable {
  let name: String
  let text: String

  /// The columns that the client reserves for it.
  var expected: Int { text.cellWidth }

  static let all = [
    WidthSample(name: "accents", text: "\u{e9}\u{df}"), WidthSample(name: "combining marks", text: "e\u{301}"),
    WidthSample(name: "lines and dots", text: "\u{2500}\u{2502}\u{2026}\u{25cf}"),
    WidthSample(name: "Greek and Cyrillic", text: "\u{3b1}\u{436}"),
    WidthSample(name: "Chinese", text: "\u{4f60}\u{597d}"), WidthSample(name: "Japanese", text: "\u{3042}\u{30a2}"),
    WidthSample(name: "Korean", text: "\u{d55c}\u{ae00}"), WidthSample(name: "emoji", text: "\u{1f44d}\u{2615}"),
    WidthSample(name: "newer emoji", text: "\u{1fae0}"),
  ]
}
