import ChatProtocol

/// Separates the fixed lines around the names in a server's answer to `WHO` (`2 users online`, `--- End of List ---`)
/// from lines sent meanwhile. The frame consists of the lines that the next answer contains as well.
struct RosterFrame: Sendable {
  private static let mostForms = 256
  private static let mostBytes = 512

  /// Lines of the frame, with names and numbers replaced.
  private var forms: Set<String> = []
  /// Number of frame lines in the last answer.
  private var usual = 0
  private var isLearned = false
  /// Whether lines of the frame read like messages, such as `bob: away`: then only a longer answer shows that there is a
  /// message in it.
  private var readsLikeMessages = false
  /// Lines of the last answer that are either messages or new frame lines.
  private var doubtful: [String] = []

  /// Whether the next answer should be requested at once.
  var needsAnother: Bool { !isLearned && !doubtful.isEmpty }

  /// - Parameters:
  ///   - lines: the lines of an answer other than names.
  ///   - people: names that may appear in the frame.
  ///   - isMessage: whether a line reads like a user's message. Such a line is reported at once if it is not in the
  ///     frame.
  /// - Returns: lines that do not belong to the frame, in order of arrival.
  mutating func sift(_ lines: [String], people: Set<Nickname>, isMessage: (String) -> Bool) -> [String] {
    var forms = lines.map { (line: $0, form: Self.form(of: $0, people: people)) }
    // More names may be known by now.
    let doubtful = doubtful.map { (line: $0, form: Self.form(of: $0, people: people)) }
    guard isLearned else { return learn(forms, after: doubtful, isMessage) }
    let count = forms.count
    forms.removeAll { self.forms.contains($0.form) }
    var frame = count - forms.count
    let again = Set(doubtful.map(\.form))
    let news = doubtful.filter { entry in !forms.contains { $0.form == entry.form } }
    let messages =
      count > usual || !readsLikeMessages ? forms.filter { isMessage($0.line) && !again.contains($0.form) } : []
    if !messages.isEmpty { forms.removeAll { isMessage($0.line) && !again.contains($0.form) } }
    for entry in forms where again.contains(entry.form) { remember(entry, isMessage) }
    frame += forms.count { again.contains($0.form) }
    forms.removeAll { again.contains($0.form) }
    if frame + forms.count <= usual {
      // The frame lines, with different words.
      for entry in forms { remember(entry, isMessage) }
      frame += forms.count
      forms = []
    }
    usual = frame
    self.doubtful = forms.map(\.line)
    return (news + messages).map(\.line)
  }

  /// The same for an answer without an end.
  mutating func siftIncomplete(_ lines: [String], people: Set<Nickname>) -> [String] {
    let forms = lines.map { (line: $0, form: Self.form(of: $0, people: people)) }
    guard !isLearned else { return forms.filter { !self.forms.contains($0.form) }.map(\.line) }
    doubtful += lines.prefix(max(Self.mostForms - doubtful.count, 0))
    return []
  }

  /// No further answer will arrive for comparison.
  mutating func takeDoubtful() -> [String] {
    defer { doubtful = [] }
    return doubtful
  }

  private mutating func learn(
    _ lines: [(line: String, form: String)], after doubtful: [(line: String, form: String)],
    _ isMessage: (String) -> Bool
  ) -> [String] {
    guard !doubtful.isEmpty else {
      self.doubtful = lines.map(\.line)
      // An answer with only names has no frame.
      isLearned = lines.isEmpty
      return []
    }
    isLearned = true
    self.doubtful = []
    let (first, second) = (Set(doubtful.map(\.form)), Set(lines.map(\.form)))
    for entry in lines where first.contains(entry.form) { remember(entry, isMessage) }
    usual = lines.count { first.contains($0.form) }
    let news = doubtful.filter { !second.contains($0.form) } + lines.filter { !first.contains($0.form) }
    return news.map(\.line)
  }

  private mutating func remember(_ entry: (line: String, form: String), _ isMessage: (String) -> Bool) {
    if isMessage(entry.line) { readsLikeMessages = true }
    if forms.count < Self.mostForms { forms.insert(entry.form) }
  }

  /// The line with each number replaced by `0` and each name, or list of names, by one `@`.
  private static func form(of line: String, people: Set<Nickname>) -> String {
    let names = NameReader { people.contains($0) }
    var form: [String] = []
    // Lines differ at their beginning, so a prefix suffices.
    var rest = String(decoding: line.utf8.prefix(mostBytes), as: UTF8.self)[...]
    while true {
      let (word, behind) = NameReader.firstWord(of: rest)
      guard !word.isEmpty else { break }
      let start = word.firstIndex { $0.isLetter || $0.isNumber } ?? word.startIndex
      if let found = names.longest(at: rest[start...], where: { $0.first.map { !isInName($0) } ?? true }) {
        if form.last != "@" { form.append("@") }
        rest = found.rest.drop { $0 != " " }
      } else {
        form.append(word.withoutNumbers)
        rest = behind
      }
    }
    return form.joined(separator: " ")
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte)
      || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }
}
