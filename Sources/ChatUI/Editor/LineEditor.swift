/// What a person is typing: a text, a cursor, and what can be undone and put back. It moves and deletes by grapheme
/// cluster, as a person sees characters.
public struct LineEditor: Hashable, Sendable {
  /// May hold newlines.
  private(set) var characters: [Character] = []
  /// Before which character the cursor stands, from 0 to `characters.count`.
  private(set) var cursor = 0

  private var undoable: [Snapshot] = []
  private var redoable: [Snapshot] = []
  /// Typing one character after the other is undone as one.
  private var isTyping = false
  private var killed: [Character] = []
  private var isKilling = false

  private struct Snapshot: Hashable, Sendable {
    var characters: [Character]
    var cursor: Int
  }

  /// No message is longer than a few lines; a paste of a whole file must not make every key slow.
  static let maximumCharacters = 65_536
  private static let maximumUndo = 200

  public init(_ text: String = "") {
    characters = Array(text.prefix(Self.maximumCharacters))
    cursor = characters.count
  }

  public var text: String { String(characters) }
  public var isEmpty: Bool { characters.isEmpty }
  var hasSeveralLines: Bool { characters.contains("\n") }

  // MARK: Changing

  /// - Returns: false when it is full, and only a part was taken.
  @discardableResult
  mutating func insert(_ text: String) -> Bool {
    let isOneCharacter = text.count == 1 && text != "\n"
    if !(isOneCharacter && isTyping) { remember() }
    isTyping = isOneCharacter && text != " "
    let room = Self.maximumCharacters - characters.count
    let inserted = Array(text.prefix(max(room, 0)))
    // What is typed may join what stands before it: a combining mark has no place of its own.
    let before = characters.count
    characters.insert(contentsOf: inserted, at: cursor)
    if cursor > 0, inserted.first.map({ String([characters[cursor - 1], $0]).count == 1 }) == true {
      let rest = characters.count - cursor - inserted.count
      characters = Array(String(characters))
      cursor = max(characters.count - rest, 0)
    } else {
      cursor += characters.count - before
    }
    return inserted.count == text.count
  }

  mutating func deleteBackward() {
    guard cursor > 0 else { return }
    remember()
    cursor -= 1
    characters.remove(at: cursor)
  }

  mutating func deleteForward() {
    guard cursor < characters.count else { return }
    remember()
    characters.remove(at: cursor)
  }

  mutating func clear() {
    guard !characters.isEmpty else { return }
    remember()
    characters = []
    cursor = 0
  }

  mutating func replace(_ range: Range<Int>, with text: String) {
    remember()
    let range = range.clamped(to: 0..<characters.count)
    characters.replaceSubrange(range, with: Array(text))
    cursor = range.lowerBound + text.count
  }

  mutating func transpose() {
    guard characters.count > 1, cursor > 0 else { return }
    remember()
    let right = min(cursor, characters.count - 1)
    characters.swapAt(right - 1, right)
    cursor = right + 1
  }

  // MARK: Cutting and putting back

  mutating func killToEnd() { kill(cursor..<endOfLine) }
  mutating func killToStart() { kill(startOfLine..<cursor) }
  /// Ctrl+W: back to white space, as in a shell.
  mutating func killWordBackward() {
    kill(position(backwardOver: { $0.isWhitespace }, then: { !$0.isWhitespace })..<cursor)
  }
  mutating func killShortWordBackward() { kill(wordStart..<cursor) }
  mutating func killWordForward() { kill(cursor..<wordEnd) }

  mutating func yank() {
    guard !killed.isEmpty else { return }
    insert(String(killed))
  }

  private mutating func kill(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let wasKilling = isKilling
    remember()
    let cut = Array(characters[range])
    // Cuts in a row are put back together.
    if !wasKilling { killed = cut } else if range.upperBound == cursor { killed = cut + killed } else { killed += cut }
    characters.removeSubrange(range)
    cursor = range.lowerBound
    isKilling = true
  }

  // MARK: Moving

  mutating func moveLeft() { move(to: cursor - 1) }
  mutating func moveRight() { move(to: cursor + 1) }
  mutating func moveToStart() { move(to: startOfLine) }
  mutating func moveToEnd() { move(to: endOfLine) }
  mutating func moveWordLeft() { move(to: wordStart) }
  mutating func moveWordRight() { move(to: wordEnd) }

  /// - Returns: false on the first line: the key means something else there.
  mutating func moveUp() -> Bool { moveLine(to: startOfLine - 1) }
  mutating func moveDown() -> Bool { moveLine(to: endOfLine + 1) }

  private mutating func moveLine(to position: Int) -> Bool {
    guard position >= 0, position <= characters.count else { return false }
    let column = cursor - startOfLine
    let start = lineStart(of: position)
    move(to: min(start + column, lineEnd(of: position)))
    return true
  }

  private mutating func move(to position: Int) {
    cursor = min(max(position, 0), characters.count)
    isTyping = false
    isKilling = false
  }

  private var startOfLine: Int { lineStart(of: cursor) }
  private var endOfLine: Int { lineEnd(of: cursor) }

  private func lineStart(of position: Int) -> Int {
    (characters[..<position].lastIndex(of: "\n") ?? -1) + 1
  }

  private func lineEnd(of position: Int) -> Int {
    characters[position...].firstIndex(of: "\n") ?? characters.count
  }

  private var wordStart: Int { position(backwardOver: { !$0.isPartOfWord }, then: { $0.isPartOfWord }) }

  private var wordEnd: Int {
    var position = cursor
    while position < characters.count, !characters[position].isPartOfWord { position += 1 }
    while position < characters.count, characters[position].isPartOfWord { position += 1 }
    return position
  }

  private func position(backwardOver gap: (Character) -> Bool, then word: (Character) -> Bool) -> Int {
    var position = cursor
    while position > 0, gap(characters[position - 1]) { position -= 1 }
    while position > 0, word(characters[position - 1]) { position -= 1 }
    return position
  }

  // MARK: Undoing

  mutating func undo() { exchange(from: \.undoable, to: \.redoable) }
  mutating func redo() { exchange(from: \.redoable, to: \.undoable) }

  private mutating func exchange(
    from source: WritableKeyPath<LineEditor, [Snapshot]>, to target: WritableKeyPath<LineEditor, [Snapshot]>
  ) {
    guard let snapshot = self[keyPath: source].popLast() else { return }
    self[keyPath: target].append(Snapshot(characters: characters, cursor: cursor))
    characters = snapshot.characters
    cursor = snapshot.cursor
    isTyping = false
    isKilling = false
  }

  private mutating func remember() {
    undoable.append(Snapshot(characters: characters, cursor: cursor))
    if undoable.count > Self.maximumUndo { undoable.removeFirst() }
    redoable = []
    isTyping = false
    isKilling = false
  }
}
