import TerminalTypes
import Testing

@testable import ChatUI

/// Keys as written in settings.
@Suite
struct KeySpellingTests {
  @Test
  func `every bound key can be written and read`() throws {
    for preset in KeyPreset.allCases {
      for binding in KeyBinding.all {
        for key in KeyMap(preset: preset).keys(for: binding.action) {
          #expect(try Key(spelling: key.spelling) == key, "\(key)")
          #expect(try Key(spelling: key.description) == key, "\(key)")
        }
      }
    }
  }

  @Test(arguments: [
    ("Ctrl+N", Key.control("n")), ("ctrl-n", .control("n")), ("C-n", .control("n")), ("Control+N", .control("n")),
    ("M-x", .alt("x")), ("Meta+Left", .alt(.left)), ("alt+←", .alt(.left)), ("Alt++", .alt("+")), ("Alt+-", .alt("-")),
    ("C-M-x", Key(.character("x"), [.control, .alt])), ("Shift+Tab", Key(.tab, .shift)),
    ("S-F5", Key(.function(5), .shift)),
    ("PageUp", Key(.pageUp)), ("pgdn", Key(.pageDown)), ("f12", Key(.function(12))), ("Delete", Key(.delete)),
    ("Ctrl+Space", .control(" ")), ("Ctrl+@", .control(" ")), ("Alt+é", .alt("é")), ("Alt+,", .alt(",")),
    ("Alt+Enter", .alt(.enter)), ("Ctrl+\\", .control("\\")), ("Esc", Key(.escape)),
  ])
  func `spellings of keys`(text: String, key: Key) throws { #expect(try Key(spelling: text) == key) }

  @Test(arguments: [
    ("Ctrl+I", "terminals send Tab for it"), ("Ctrl+m", "terminals send Enter for it"),
    ("C-h", "terminals send Backspace for it"), ("Ctrl+[", "terminals send Esc for it"),
    ("Ctrl+/", "terminals send Ctrl+_ for it"), ("Ctrl+1", "terminals send nothing of its own for it"),
    ("Ctrl+é", "nothing of its own"), ("Ctrl+Tab", "terminals send Tab for it"), ("Ctrl+Enter", "terminals send Enter"),
    ("Shift+Enter", "terminals send Enter"), ("Alt+Esc", "terminals send Esc"), ("Alt+Shift+N", "without Shift"),
    ("Ctrl+Shift+N", "without Shift"), ("n", "is a character that is typed"),
    ("Shift+N", "is a character that is typed"),
    ("Space", "is a character that is typed"), ("", "is not a key"), ("Ctrl+", "is not a key"), ("+", "is a character"),
    ("Hyper+N", "is not a key"), ("Ctrl+Ctrl+N", "names a modifier twice"), ("F0", "is not a key"),
    ("F21", "is not a key"), ("Alt+\u{1b}", "is not a key"), ("Alt+ ", "is not a key"), ("Alt+ab", "is not a key"),
  ])
  func `keys that cannot be bound are refused with the reason`(text: String, reason: String) {
    let error = #expect(throws: Key.SpellingError.self) { try Key(spelling: text) }
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }
}
