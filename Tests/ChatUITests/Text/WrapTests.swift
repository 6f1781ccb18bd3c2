import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct WrapTests {
  @Test(
    arguments: [
      ("at a space", "to be or not", 6, ["to be", "or not"]),
      ("nowhere, where it fits", "to be", 5, ["to be"]),
      ("nothing", "", 5, [""]),
      ("where a row is exactly full", "to be or", 5, ["to be", "or"]),
      ("and drops all spaces there", "to be    or", 5, ["to be", "or"]),
      ("and drops those at the end", "to be   ", 5, ["to be"]),
      ("but keeps others", "a  b   c d", 7, ["a  b", "c d"]),
      ("and keeps an indent", "  a b c d", 6, ["  a b", "c d"]),
      ("behind an indent that is in the way", "  abcdef g", 6, ["abcdef", "g"]),
      ("blanks into one row", "        ", 5, [""]),
      ("long words", "abcdefgh", 3, ["abc", "def", "gh"]),
      ("long words on a row of their own", "a bcdefgh i", 4, ["a", "bcde", "fgh", "i"]),
      ("between wide characters", "hi 你好世界", 6, ["hi 你", "好世界"]),
      ("before half of one", "ab你好", 5, ["ab你", "好"]),
      ("beside wide words", "你hello好", 6, ["你", "hello", "好"]),
      ("but not before a full stop", "你好。你", 5, ["你", "好。", "你"]),
      ("nor behind a bracket", "你（好）", 6, ["你", "（好）"]),
      ("never in a flag", "🇩🇪🇩🇪🇩🇪", 5, ["🇩🇪🇩🇪", "🇩🇪"]),
      ("never before a mark", "abce\u{301}d", 4, ["abce\u{301}", "d"]),
      ("lines", "one\ntwo three\n", 5, ["one", "two", "three", ""]),
      ("even with no room", "ab 你", 0, ["ab", "你"]),
      ("what has no width", "\u{200b}\u{200b}\u{200b}", 2, ["\u{200b}\u{200b}\u{200b}"]),
      ("a cluster that is wider than a row", "a👨\u{200d}👩\u{200d}👧b", 4, ["a👨\u{200d}", "👩\u{200d}👧", "b"]),
    ] as [(String, String, Int, [String])])
  func `wrapping breaks at the expected places`(name: String, text: String, width: Int, rows: [String]) {
    #expect(text.wrapped(to: width) == rows, "\(name)")
  }

  @Test
  func `wrapping with all rows narrower than the first`() {
    #expect("abcd efgh ijkl".wrapped(to: 9, hanging: 3) == ["abcd efgh", "ijkl"])
    #expect("ab cdefgh ij".wrapped(to: 8, hanging: 3) == ["ab", "cdefg", "h ij"])
    #expect(" abcdefg".wrapped(to: 8, hanging: 3) == [" abcdefg"])
    #expect(" abcdefgh".wrapped(to: 8, hanging: 3) == ["abcde", "fgh"])
  }

  @Test
  func `wrapping exceeds no width, loses no text and keeps words`() {
    var random = SeededGenerator()
    for _ in 0..<4000 {
      let text = random.rawText(upTo: 24).replacing("\u{7}", with: "")
      let width = random.number(2...30)
      let hanging = random.number(0...max(width - 2, 0))
      let rows = text.wrapped(to: width, hanging: hanging)
      #expect(!rows.isEmpty)
      for (index, row) in rows.enumerated() {
        let room = index == 0 ? width : width - hanging
        // A cluster is never split within a scalar, which takes at most two columns.
        #expect(row.cellWidth <= max(room, 2), "\(random): \(text.debugDescription) to \(width), \(hanging): \(rows)")
      }
      let scalars = { (text: String) in text.unicodeScalars.filter { $0 != " " } }
      #expect(Array(scalars(text)) == Array(scalars(rows.joined())), "\(random): \(text.debugDescription)")
      #expect(
        rows.dropFirst().allSatisfy { !$0.isEmpty && $0.first != " " },
        "\(random): \(text.debugDescription) to \(width), \(hanging): \(rows)")
      let narrow = width - hanging
      for word in text.split(separator: " ")
      where word.cellWidth <= narrow && !word.contains(where: { $0.cellWidth > 1 }) {
        #expect(
          rows.contains { $0.contains(word) }, "\(random): \(word) of \(text.debugDescription) to \(width): \(rows)")
      }
    }
  }

  @Test(
    arguments: [
      ("hello", 5, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""), ("你好", 3, "你…"), ("你好", 2, "…"),
      ("", 0, ""),
    ] as [(String, Int, String)])
  func `text is cut with an ellipsis`(text: String, width: Int, result: String) {
    #expect(text.truncated(to: width) == result)
  }
}
