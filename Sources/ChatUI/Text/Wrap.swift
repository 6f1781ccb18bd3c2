import TerminalTypes

extension String {
  /// Wraps the text into rows of at most `width` columns: at spaces and beside wide characters, and inside a word only
  /// if it is longer than a row. A newline starts a row. Nothing is lost except spaces at the breaks and at the end.
  /// - Parameters:
  ///   - hanging: the indent in columns of all rows but the first.
  ///   - indentsFirst: whether the first row has the indent too.
  func wrapped(to width: Int, hanging: Int = 0, indentsFirst: Bool = false) -> [String] {
    let width = indentsFirst ? width - hanging : width
    let hanging = indentsFirst ? 0 : hanging
    // Most texts are one paragraph. Comparing bytes is several times faster than comparing characters; in UTF-8 the byte
    // of a newline occurs only in a newline.
    guard utf8.contains(UInt8(ascii: "\n")) else {
      return Wrapping(first: width, rest: width - hanging).rows(of: self[...])
    }
    var rows: [String] = []
    for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
      let wrapping = Wrapping(first: rows.isEmpty ? width : width - hanging, rest: width - hanging)
      rows += wrapping.rows(of: paragraph)
    }
    return rows
  }

  /// The text in rows of at most `width` columns, broken anywhere, with all its spaces.
  func cut(to width: Int) -> [String] {
    let width = max(width, 2)
    if utf8.count <= width, cellWidth <= width { return [self] }
    var rows = [""]
    var used = 0
    for character in self {
      for part in character.parts(fitting: width) {
        if used + part.cellWidth > width, used > 0 {
          rows.append("")
          used = 0
        }
        rows[rows.count - 1] += part
        used += part.cellWidth
      }
    }
    return rows
  }

  /// The text if it fits, otherwise cut to leave a column for `…`.
  func truncated(to width: Int) -> String {
    guard cellWidth > width else { return self }
    guard width > 0 else { return "" }
    var result = ""
    var used = 1
    for character in self {
      used += character.cellWidth
      if used > width { break }
      result.append(character)
    }
    return result + "…"
  }
}

extension Character {
  /// The character or, if it is wider than a row, its scalars: some scripts join any number of letters in one cluster.
  fileprivate func parts(fitting width: Int) -> [String] {
    cellWidth <= width ? [String(self)] : unicodeScalars.map { String($0) }
  }
}

/// Wraps one paragraph.
private struct Wrapping {
  /// The width of the current row; `rest` is the width of the rows after it.
  private var width: Int
  private let rest: Int
  private var done: [String] = []
  /// The current row up to the last possible break, and the text behind that.
  private var row = ""
  private var rowWidth = 0
  private var word = ""
  private var wordWidth = 0
  private var last: Character?
  private var isAfterBreak = false

  init(first: Int, rest: Int) {
    // A cell has at most two columns, so that each row holds at least one.
    width = max(first, 2)
    self.rest = max(rest, 2)
  }

  consuming func rows(of paragraph: Substring) -> [String] {
    if paragraph.utf8.count <= width, paragraph.cellWidth <= width { return [String(paragraph)] }
    for character in paragraph {
      if character == " " { appendSpace() } else { append(character) }
    }
    row += word
    if !row.allSatisfy({ $0 == " " }) || done.isEmpty { done.append(row.trimmingTrailingSpaces) }
    return done
  }

  private mutating func appendSpace() {
    last = " "
    // Spaces at the end of a row are replaced by the break.
    if isAfterBreak { return }
    guard rowWidth + wordWidth < width else { return endRow(withWord: true) }
    word.append(" ")
    wordWidth += 1
    commitWord()
  }

  private mutating func append(_ character: Character) {
    if let last, canBreak(between: last, and: character) { commitWord() }
    appendToWord(character)
    last = character
  }

  private mutating func appendToWord(_ character: Character) {
    let columns = character.cellWidth
    if columns <= min(width, rest) { return append(String(character), columns) }
    // Some scripts join any number of letters in one cluster, and each letter has a cell of its own. One of the scalars
    // may be a space (UAX #29, GB9b).
    for scalar in character.unicodeScalars {
      if scalar == " " { appendSpace() } else { append(String(scalar), Character(scalar).cellWidth) }
    }
  }

  private mutating func append(_ text: String, _ columns: Int) {
    while rowWidth + wordWidth + columns > width, rowWidth + wordWidth > 0 { endRow(withWord: rowWidth == 0) }
    word += text
    wordWidth += columns
    isAfterBreak = false
  }

  private mutating func commitWord() {
    row += word
    rowWidth += wordWidth
    (word, wordWidth) = ("", 0)
  }

  private mutating func endRow(withWord: Bool) {
    if withWord { commitWord() }
    let ended = row.trimmingTrailingSpaces
    if !ended.isEmpty { done.append(ended) }
    (row, rowWidth, width, isAfterBreak) = ("", 0, rest, word.isEmpty)
    guard wordWidth > width else { return }
    // The word fitted into the first row, which was wider.
    let long = word
    (word, wordWidth) = ("", 0)
    for character in long { appendToWord(character) }
  }

  /// Chinese and Japanese text has no spaces. A bracket or a full stop stays with its neighbour.
  private func canBreak(between left: Character, and right: Character) -> Bool {
    guard left != " ", left.cellWidth == 2 || right.cellWidth == 2 else { return false }
    return !Punctuation.closing.contains(right) && !Punctuation.opening.contains(left)
  }
}

extension String {
  /// The text if it has at most so many bytes, otherwise cut to leave space for `…`.
  func shortened(toBytes maximum: Int) -> String {
    guard utf8.count > maximum else { return self }
    var size = 3
    let kept = prefix { character in
      size += character.utf8.count
      return size <= maximum
    }
    return kept + "…"
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
