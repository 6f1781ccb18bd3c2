@testable import ChatUI

/// The simplest editor: splits strings at the cursor. Word commands and undo are taken from the tested editor.
struct NaiveEditor {
  private(set) var text = ""
  private var before = ""

  /// Offset in characters of the whole text.
  var cursor: Int {
    var (passed, count) = (0, 0)
    for character in text where passed < before.unicodeScalars.count {
      passed += character.unicodeScalars.count
      count += 1
    }
    return count
  }

  mutating func insert(_ inserted: String) { set(head + inserted, tail) }

  /// - Parameter editor: the tested editor after the same action.
  mutating func perform(_ action: KeyAction, after editor: LineEditor) {
    switch action {
    case .newline: insert("\n")
    case .left: set(String(head.dropLast()), String(head.suffix(1)) + tail)
    case .right: set(head + tail.prefix(1), String(tail.dropFirst()))
    case .lineStart:
      let line = head.lastIndex(of: "\n").map { head.index(after: $0) } ?? head.startIndex
      set(String(head[..<line]), head[line...] + tail)
    case .lineEnd:
      let end = tail.firstIndex(of: "\n") ?? tail.endIndex
      set(head + tail[..<end], String(tail[end...]))
    case .deleteBackward: set(String(head.dropLast()), tail)
    case .deleteForward: set(head, String(tail.dropFirst()))
    case .killToStart: set(String(head.prefix(through: head.lastIndex(of: "\n"))), tail)
    case .killToEnd: set(head, String(tail[(tail.firstIndex(of: "\n") ?? tail.endIndex)...]))
    default:
      text = editor.text
      before = String(editor.characters[..<editor.cursor])
    }
  }

  // By characters of the whole text, because the parts of a split character would count differently.
  private var head: String { String(Array(text)[..<cursor]) }
  private var tail: String { String(Array(text)[cursor...]) }

  private mutating func set(_ head: String, _ tail: String) {
    text = head + tail
    before = head
  }
}

extension String {
  fileprivate func prefix(through index: Index?) -> Substring { index.map { self[...$0] } ?? "" }
}
