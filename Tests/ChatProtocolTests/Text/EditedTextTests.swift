import ChatProtocol
import Testing

/// The text of a file that people edit.
@Suite
struct EditedTextTests {
  private func lines(_ text: String) throws -> [String] { try EditedText(text.utf8).lines.map(String.init) }

  @Test
  func `edited text has the same lines in any editor's format`() throws {
    for end in ["\n", "\r\n", "\r"] {
      for mark in ["", "\u{feff}"] {
        for last in ["", end] {
          #expect(try lines("\(mark)a b\(end)\(end)é\(last)") == ["a b", "", "é"])
        }
      }
    }
    #expect(try lines("") == [])
    #expect(try lines("\u{feff}") == [])
    #expect(try lines("\n\n") == ["", ""])
    // A byte order mark elsewhere is an ordinary character, and must be visible to errors.
    #expect(try lines("a\n\u{feff}b") == ["a", "\u{feff}b"])
  }

  @Test
  func `edited text is refused if it is not UTF-8, with the line`() {
    let cases: [([UInt8], Int, String)] = [
      ([0xff, 0xfe, 0x61, 0], 1, "UTF-16"), ([0xfe, 0xff, 0, 0x61], 1, "UTF-16"),
      (Array("a\nb\n".utf8) + [0xe9, 0x0a], 3, "not UTF-8"), (Array("a\r\nb\u{0}c".utf8), 2, "zero byte"),
      ([0xc0, 0x80], 1, "not UTF-8"), (Array("\n".utf8) + [0xed, 0xa0, 0x80], 2, "not UTF-8"),
    ]
    for (bytes, line, reason) in cases {
      do {
        let text = try EditedText(bytes)
        Issue.record("\(text.lines)")
      } catch {
        #expect(error.line == line)
        #expect(error.reason.contains(reason), "\(error)")
      }
    }
  }

  @Test
  func `edited text has words separated only by spaces and tabs, and none in a comment`() {
    #expect(EditedText.words(of: " a\tb  c ") == ["a", "b", "c"])
    #expect(EditedText.words(of: "a\u{a0}b \u{3000}c") == ["a\u{a0}b", "\u{3000}c"])
    #expect(EditedText.words(of: "  # a b") == [])
    #expect(EditedText.words(of: "#") == [])
    #expect(EditedText.words(of: "") == [])
    #expect(EditedText.words(of: "\u{feff}# a") == ["\u{feff}#", "a"])
    // A combining mark makes the # another Character, but the line is still a comment.
    #expect(EditedText.words(of: "#\u{301} a") == [])
  }

  @Test
  func `edited text names invisible characters`() {
    #expect(EditedText.invisible(in: "host:4000 PIN\t2026") == nil)
    #expect(EditedText.invisible(in: "é太") == nil)
    for (text, name) in [
      ("\u{a0}x", "U+00A0"), ("x\u{feff}", "U+FEFF"), ("\u{e0001}", "U+E0001"), ("\u{1b}", "U+001B"),
    ] {
      #expect(EditedText.invisible(in: text) == name)
    }
  }
}
