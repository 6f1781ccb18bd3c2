import TestSupport
import ChatProtocol

// Random texts and names as received from the network: hostile, but safe to display.

extension SeededGenerator {
  private static let pieces: [String] = [
    "a", "b", "lorem", "ipsum", "x", " ", " ", " ", "  ", "你", "好", "한", "e\u{301}", "é", "👍", "🇩🇪", "🇩", "\u{301}",
    "\u{d4e}", "क", "\u{94d}", "ष", "ﷺ", "\u{fffd}", "\u{1fae8}", "https://example.com/a/rather/long/path", "neha",
    "NEHA",
    "/me ", "/", "│", "─", "。", "（", "\t", "\u{202e}", "\u{200b}", "👨\u{200d}👩\u{200d}👧", "👍🏽", "\u{7}", "\u{1b}[31m",
    "\u{1100}", "\u{1161}", "'", "\"", ")", "\u{e000}", "\u{a0}", "\u{3000}",
  ]

  /// Typed or pasted text: any characters except newlines.
  mutating func rawText(upTo limit: Int = 12) -> String {
    (0..<number(0...limit)).map { _ in pick(Self.pieces) }.joined()
  }

  mutating func text(upTo limit: Int = 12) -> String { DisplayText.sanitize(rawText(upTo: limit)) }

  mutating func name() -> Nickname {
    let names = [
      "akash", "zoe", "Kim", "李雷", "e\u{301}va", "x", "averyveryverylongnameindeed12345", "🇩🇪", "\u{301}q", "neha",
    ]
    return Nickname(testing: pick(names))
  }
}
