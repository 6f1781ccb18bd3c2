import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct LineEditorTests {
  @Test(
    arguments: [
      ("Ctrl+A", "ab cd|", "|ab cd"), ("Home", "ab|cd", "|abcd"), ("Ctrl+A", "ab\nc|d", "ab\n|cd"),
      ("Ctrl+E", "|ab cd", "ab cd|"), ("End", "a|b\ncd", "ab|\ncd"),
      ("Ctrl+B", "ab|", "a|b"), ("←", "|ab", "|ab"), ("Ctrl+F", "|ab", "a|b"), ("→", "ab|", "ab|"),
      ("Alt+B", "ab cd-ef|", "ab cd-|ef"), ("Alt+B", "ab  |", "|ab  "), ("Ctrl+←", "ab |cd", "|ab cd"),
      ("Alt+F", "|ab cd", "ab| cd"), ("Alt+F", "ab|, cd", "ab, cd|"), ("Ctrl+→", "ab|", "ab|"),
      ("Ctrl+D", "a|bc", "a|c"), ("Del", "ab|", "ab|"), ("Backspace", "ab|c", "a|c"), ("Ctrl+H", "|ab", "|ab"),
      ("Ctrl+W", "ab cd-ef |", "ab |"), ("Ctrl+W", "ab|cd", "|cd"), ("Ctrl+W", "|ab", "|ab"),
      ("Alt+Backspace", "ab cd-ef|", "ab cd-|"), ("Ctrl+Backspace", "ab, |", "|"),
      ("Alt+D", "|ab cd", "| cd"), ("Ctrl+Del", "ab|, cd ef", "ab| ef"),
      ("Ctrl+U", "ab c|d", "|d"), ("Ctrl+U", "ab\nc|d", "ab\n|d"),
      ("Ctrl+K", "a|b cd", "a|"), ("Ctrl+K", "a|b\ncd", "a|\ncd"),
      ("Ctrl+T", "ab|", "ba|"), ("Ctrl+T", "a|bc", "ba|c"), ("Ctrl+T", "|ab", "|ab"), ("Ctrl+T", "a|", "a|"),
      ("Alt+Enter", "a|b", "a\n|b"), ("Ctrl+Y", "a|b", "a|b"), ("Ctrl+_", "ab|", "ab|"), ("Alt+_", "ab|", "ab|"),
    ] as [(String, String, String)])
  func `the line editor edits like readline`(key: String, before: String, after: String) throws {
    var editor = LineEditor(drawn: before)
    let action = try #require(Key(named: key).flatMap(KeyMap.standard.action(for:)))
    let isEditing = editor.perform(action)
    #expect(isEditing)
    #expect(editor.drawn == after, "\(key) on \(before)")
  }

  @Test(arguments: ["e\u{301}", "🇩🇪", "각", "👨\u{200d}👩\u{200d}👧", "👍🏽", "\u{1112}\u{1161}\u{11ab}"])
  func `the line editor treats a grapheme cluster as one character`(cluster: String) {
    var editor = LineEditor("a" + cluster + cluster + "b")
    editor.moveLeft()
    editor.moveLeft()
    #expect(editor.cursor == 2)
    editor.deleteBackward()
    #expect(editor.text == "a" + cluster + "b")
    editor.deleteForward()
    #expect(editor.text == "ab")
    // Typing or pasting the scalars one by one gives the same text.
    for scalar in cluster.unicodeScalars { editor.insert(String(scalar)) }
    #expect(editor.drawn.unicodeScalars.elementsEqual("a\(cluster)|b".unicodeScalars))
    #expect(editor.cursor == 2)
  }

  @Test
  func `the line editor joins text on both sides of a deletion into clusters`() {
    var editor = LineEditor(drawn: "🇩x|🇪")
    editor.deleteBackward()
    #expect(editor.characters == ["🇩🇪"])
    editor.moveToStart()
    editor.insert("🇫")
    #expect(editor.characters == ["🇫🇩", "🇪"])
    #expect(editor.cursor == 1)
    editor = LineEditor("x\u{301}")
    editor.moveToStart()
    editor.replace(0..<1, with: "e")
    #expect(editor.drawn == "e|")
  }

  @Test
  func `the line editor yanks cut text`() {
    var editor = LineEditor(drawn: "one two three|")
    editor.killWordBackward()
    editor.killWordBackward()
    editor.yank()
    #expect(editor.drawn == "one two three|")
    editor.moveToStart()
    editor.killWordForward()
    editor.killWordForward()
    #expect(editor.drawn == "| three")
    editor.moveToEnd()
    editor.killShortWordBackward()
    editor.yank()
    editor.yank()
    #expect(editor.drawn == " threethree|")
    editor.reset(to: "new ")
    editor.yank()
    #expect(editor.text == "new three")
  }

  @Test
  func `the line editor undoes word by word`() {
    var editor = LineEditor()
    for character in "one two" { editor.insert(String(character)) }
    editor.undo()
    #expect(editor.text == "one ")
    editor.undo()
    #expect(editor.text == "")
    editor.undo()
    editor.redo()
    #expect(editor.text == "one ")
    editor.redo()
    editor.redo()
    #expect(editor.drawn == "one two|")
    editor.clear()
    editor.undo()
    #expect(editor.drawn == "one two|")
    editor.deleteBackward()
    editor.insert("x")
    editor.redo()
    #expect(editor.text == "one twx")
    editor.undo()
    editor.undo()
    #expect(editor.text == "one two")
    // A cursor movement ends the group for undo.
    editor.moveLeft()
    editor.moveRight()
    editor.insert("a")
    editor.moveLeft()
    editor.insert("b")
    editor.undo()
    #expect(editor.text == "one twoa")
  }

  @Test
  func `the line editor moves between lines`() {
    var editor = LineEditor(drawn: "abc\nd\nefg|")
    let steps = [
      (false, "abc\nd\nefg|", false), (true, "abc\nd|\nefg", true), (true, "a|bc\nd\nefg", true),
      (true, "a|bc\nd\nefg", false), (false, "abc\nd|\nefg", true),
    ]
    for (isUp, drawn, moves) in steps {
      let hasMoved = isUp ? editor.moveUp() : editor.moveDown()
      #expect(hasMoved == moves)
      #expect(editor.drawn == drawn)
    }
  }

  @Test
  func `the line editor refuses text beyond its capacity`() {
    var editor = LineEditor(String(repeating: "x", count: LineEditor.maximumCharacters - 2))
    let tookAll = editor.insert("abc")
    #expect(!tookAll)
    #expect(editor.text.hasSuffix("xab"))
    let tookMore = editor.insert("c")
    #expect(!tookMore)
    editor.replace(0..<1, with: "long")
    #expect(editor.characters.count == LineEditor.maximumCharacters)
    editor.undo()
    editor.undo()
    #expect(editor.characters.count == LineEditor.maximumCharacters - 2)
  }

  /// Compares the editor with plain string operations.
  @Test(.computing)
  func `the line editor matches plain strings under random keys`() throws {
    var random = SeededGenerator()
    let keys = [
      "Ctrl+A", "Ctrl+E", "Ctrl+B", "Ctrl+F", "Alt+B", "Alt+F", "Ctrl+D", "Backspace", "Ctrl+W", "Alt+Backspace",
      "Alt+D",
      "Ctrl+U", "Ctrl+K", "Ctrl+Y", "Ctrl+T", "Alt+Enter", "Ctrl+_", "Alt+_",
    ]
    for _ in 0..<60 {
      var editor = LineEditor()
      var naive = NaiveEditor()
      for _ in 0..<120 {
        if random.flip() {
          let text = random.rawText(upTo: 2)
          editor.insert(text)
          naive.insert(text)
        } else {
          let key = random.pick(keys)
          let action = try #require(Key(named: key).flatMap(KeyMap.standard.action(for:)))
          _ = editor.perform(action)
          naive.perform(action, after: editor)
        }
        try #require(
          editor.text.unicodeScalars.elementsEqual(naive.text.unicodeScalars),
          "\(random): \(editor.text.debugDescription), not \(naive.text.debugDescription)")
        try #require(editor.characters == Array(editor.text), "\(random)")
        try #require((0...editor.characters.count).contains(editor.cursor), "\(random)")
        try #require(editor.cursor == naive.cursor, "\(random): \(editor.drawn.debugDescription)")
        for width in [2, 7] { _ = InputLayout(editor, width: width) }
      }
    }
  }

  @Test
  func `the line editor puts back older cuts, one after the other`() {
    var editor = LineEditor("one two three")
    for _ in 0..<3 {
      editor.killShortWordBackward()
      editor.moveLeft()
      editor.moveToEnd()
    }
    editor.yankPop()
    #expect(editor.isEmpty)
    editor.yank()
    #expect(editor.text == "one ")
    editor.yankPop()
    #expect(editor.text == "two ")
    editor.yankPop()
    #expect(editor.text == "three")
    editor.yankPop()
    #expect(editor.text == "one ")
    editor.undo()
    #expect(editor.text == "three")
    // Another action ends it.
    editor.insert("x")
    let text = editor.text
    editor.yankPop()
    #expect(editor.text == text)
  }

  @Test
  func `the kill ring is bounded, and consecutive cuts are one`() {
    var ring = KillRing()
    for number in 0..<100 { ring.push("\(number)") }
    #expect(ring.count == KillRing.maximum && ring[0] == "99" && ring[100] == nil && ring[-1] == nil)
    for _ in 0..<10 { ring.push(String(repeating: "x", count: KillRing.maximumBytes)) }
    #expect(ring.count == 1)
    ring.extendLast(by: "a", atStart: true)
    ring.extendLast(by: "b", atStart: false)
    #expect(ring[0]?.first == "a" && ring[0]?.last == "b")
  }
}
