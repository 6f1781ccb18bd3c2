/// The text being typed, with cursor, undo and kill ring. The cursor moves, and deletions work, by grapheme cluster.
public struct LineEditor: Hashable, Sendable {
  /// May hold newlines.
  private(set) var characters: [Character] = []
  /// The index of the character after the cursor, from 0 to `characters.count`.
  private(set) var cursor = 0

  private var undoable: [Snapshot] = []
  private var redoable: [Snapshot] = []
  /// Consecutive typed characters are undone as one step.
  private var isTyping = false
  private var ring = KillRing()
  private var isKilling = false
  /// The text that was put back last, until another action.
  private var yanked: Yanked?

  private struct Yanked: Hashable, Sendable {
    var range: Range<Int>
    /// The number of later cuts.
    var age: Int
  }

  private struct Snapshot: Hashable, Sendable {
    var characters: [Character]
    var cursor: Int
  }

  /// A message is at most a few lines; a pasted file must not slow down every key.
  static let maximumCharacters = 65_536
  /// A second limit, because a character can have any number of combining marks.
  static let maximumBytes = 256 << 10
  private static let maximumUndo = 200
  /// The limit for all undo steps together: the larger the text, the fewer steps are kept.
  private static let maximumUndoCharacters = 1 << 20

  public init(_ text: String = "") {
    characters = Array(text.prefix(Self.maximumCharacters))
    cursor = characters.count
  }

  /// Replaces the text and clears the undo steps; the kill ring stays.
  mutating func reset(to text: String = "") {
    let ring = ring
    self = LineEditor(text)
    self.ring = ring
  }

  /// Takes over the kill ring of another editor.
  mutating func takeCut(from other: LineEditor) { ring = other.ring }

  public var text: String { String(characters) }
  public var isEmpty: Bool { characters.isEmpty }
  var hasSeveralLines: Bool { characters.contains("\n") }

  // MARK: Editing

  /// - Returns: false if the editor is full and inserted only a part.
  @discardableResult
  mutating func insert(_ text: String) -> Bool {
    let isOneCharacter = text.count == 1 && text != "\n"
    let inserted = fitting(text)
    guard !inserted.isEmpty else { return text.isEmpty }
    if !(isOneCharacter && isTyping) { remember() }
    isTyping = isOneCharacter && text != " "
    splice(cursor..<cursor, inserted)
    return inserted.count == text.count
  }

  /// The longest beginning of the text that fits.
  private func fitting(_ text: String) -> [Character] {
    let inserted = Array(text.prefix(max(Self.maximumCharacters - characters.count, 0)))
    // Four bytes per character cover anything that a keyboard writes.
    guard text.utf8.count > 4 * inserted.count || 4 * (characters.count + inserted.count) > Self.maximumBytes else {
      return inserted
    }
    var bytes = characters.reduce(0) { $0 + $1.utf8.count }
    let count = inserted.prefix { character in
      bytes += character.utf8.count
      return bytes <= Self.maximumBytes
    }.count
    return Array(inserted.prefix(count))
  }

  mutating func deleteBackward() {
    guard cursor > 0 else { return }
    remember()
    splice(cursor - 1..<cursor)
  }

  mutating func deleteForward() {
    guard cursor < characters.count else { return }
    remember()
    splice(cursor..<cursor + 1)
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
    splice(range, Array(text.prefix(max(Self.maximumCharacters - characters.count + range.count, 0))))
  }

  /// Replaces the whole text, as one step for undo.
  mutating func replaceAll(with text: String) {
    guard text != self.text else { return }
    remember()
    characters = []
    characters = fitting(text)
    cursor = characters.count
  }

  /// Whether an editor can hold the whole text.
  static func canHold(_ text: String) -> Bool {
    text.utf8.count <= maximumBytes && text.count <= maximumCharacters
  }

  mutating func transpose() {
    guard characters.count > 1, cursor > 0 else { return }
    remember()
    let right = min(cursor, characters.count - 1)
    let swapped = [characters[right], characters[right - 1]]
    splice(right - 1..<right + 1, swapped)
  }

  /// Replaces a range and moves the cursor behind the replacement.
  private mutating func splice(_ range: Range<Int>, _ inserted: [Character] = []) {
    characters.replaceSubrange(range, with: inserted)
    cursor = range.lowerBound + inserted.count
    if joins(at: range.lowerBound) || joins(at: cursor) || (inserted.count > 1 && !isGrouped(inserted)) { regroup() }
  }

  /// Whether the two characters at the index form one grapheme cluster together: a mark joins the letter before it, and
  /// two regional indicators become a flag.
  private func joins(at index: Int) -> Bool {
    index > 0 && index < characters.count && !isGrouped([characters[index - 1], characters[index]])
  }

  private func isGrouped(_ characters: [Character]) -> Bool {
    characters.allSatisfy { $0.utf8.count == 1 } || Array(String(characters)) == characters
  }

  /// Recomputes the grapheme clusters. The cursor keeps its place, or moves behind the cluster that it would split.
  private mutating func regroup() {
    let before = characters[..<cursor].reduce(0) { $0 + $1.unicodeScalars.count }
    characters = Array(String(characters))
    var passed = 0
    cursor = 0
    while cursor < characters.count, passed < before {
      passed += characters[cursor].unicodeScalars.count
      cursor += 1
    }
  }

  // MARK: Kill and yank

  mutating func killToEnd() { kill(cursor..<endOfLine) }
  mutating func killToStart() { kill(startOfLine..<cursor) }
  /// Ctrl+W: back to white space, as in a shell.
  mutating func killWordBackward() {
    kill(position(backwardOver: { $0.isWhitespace }, then: { !$0.isWhitespace })..<cursor)
  }
  mutating func killShortWordBackward() { kill(wordStart..<cursor) }
  mutating func killWordForward() { kill(cursor..<wordEnd) }

  /// Inserts the last cut.
  mutating func yank() { yank(age: 0, replacing: cursor..<cursor) }

  /// Directly after `yank`: replaces its text by the cut before, and after the oldest one by the last one again.
  mutating func yankPop() {
    guard let yanked, ring.count > 1 else { return }
    yank(age: (yanked.age + 1) % ring.count, replacing: yanked.range)
  }

  private mutating func yank(age: Int, replacing range: Range<Int>) {
    guard let text = ring[age] else { return }
    remember()
    splice(range.clamped(to: 0..<characters.count))
    let start = cursor
    splice(start..<start, fitting(text))
    yanked = Yanked(range: min(start, cursor)..<cursor, age: age)
  }

  private mutating func kill(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let wasKilling = isKilling
    remember()
    let cut = String(characters[range])
    // Consecutive cuts are put back together.
    if !wasKilling { ring.push(cut) } else { ring.extendLast(by: cut, atStart: range.upperBound == cursor) }
    splice(range)
    isKilling = true
  }

  // MARK: Moving

  mutating func moveLeft() { move(to: cursor - 1) }
  mutating func moveRight() { move(to: cursor + 1) }
  mutating func moveToStart() { move(to: startOfLine) }
  mutating func moveToEnd() { move(to: endOfLine) }
  mutating func moveWordLeft() { move(to: wordStart) }
  mutating func moveWordRight() { move(to: wordEnd) }

  /// - Returns: false on the first line, where the key has another meaning.
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
    yanked = nil
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
    yanked = nil
  }

  private mutating func remember() {
    undoable.append(Snapshot(characters: characters, cursor: cursor))
    var held = undoable.reduce(0) { $0 + $1.characters.count }
    while undoable.count > Self.maximumUndo || (held > Self.maximumUndoCharacters && undoable.count > 1) {
      held -= undoable.removeFirst().characters.count
    }
    redoable = []
    isTyping = false
    isKilling = false
    yanked = nil
  }
}
