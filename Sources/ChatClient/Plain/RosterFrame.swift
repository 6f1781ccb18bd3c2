import ChatProtocol

/// Tells what a server always puts around the names in its answer to `WHO` (`2 users online`, `--- End of List ---`)
/// from what it happened to say meanwhile: the frame is what the next answer has as well.
struct RosterFrame: Sendable {
  private static let mostForms = 256
  private static let mostBytes = 512

  /// Lines of the frame, without names and numbers.
  private var forms: Set<String> = []
  /// How many lines the last answer's frame had.
  private var usual = 0
  private var isLearned = false
  /// Lines of the last answer that are either news, or new in the frame.
  private var doubtful: [String] = []

  /// The answer that comes next shall be asked for at once.
  var needsAnother: Bool { !isLearned && !doubtful.isEmpty }

  /// - Parameters:
  ///   - lines: those of an answer that are no names.
  ///   - people: whose names may stand in the frame.
  ///   - isMessage: whether a line reads like somebody's message, which is shown at once where it is not of the frame.
  /// - Returns: those that are not of the frame, in the order in which they came.
  mutating func sift(_ lines: [String], people: Set<Nickname>, isMessage: (String) -> Bool) -> [String] {
    var forms = lines.map { (line: $0, form: Self.form(of: $0, people: people)) }
    // By now more names may be known.
    let doubtful = doubtful.map { (line: $0, form: Self.form(of: $0, people: people)) }
    guard isLearned else { return learn(forms, after: doubtful) }
    let count = forms.count
    forms.removeAll { self.forms.contains($0.form) }
    var frame = count - forms.count
    let again = Set(doubtful.map(\.form))
    let news = doubtful.filter { entry in !forms.contains { $0.form == entry.form } }
    let messages = count > usual ? forms.filter { isMessage($0.line) && !again.contains($0.form) } : []
    if !messages.isEmpty { forms.removeAll { isMessage($0.line) && !again.contains($0.form) } }
    for entry in forms where again.contains(entry.form) { remember(entry.form) }
    frame += forms.count { again.contains($0.form) }
    forms.removeAll { again.contains($0.form) }
    if frame + forms.count <= usual {
      // The same lines in other words.
      for entry in forms { remember(entry.form) }
      frame += forms.count
      forms = []
    }
    usual = frame
    self.doubtful = forms.map(\.line)
    return (news + messages).map(\.line)
  }

  /// The same with an answer whose end did not come.
  mutating func siftIncomplete(_ lines: [String], people: Set<Nickname>) -> [String] {
    let forms = lines.map { (line: $0, form: Self.form(of: $0, people: people)) }
    guard !isLearned else { return forms.filter { !self.forms.contains($0.form) }.map(\.line) }
    doubtful += lines.prefix(max(Self.mostForms - doubtful.count, 0))
    return []
  }

  /// There will be no answer to compare with.
  mutating func takeDoubtful() -> [String] {
    defer { doubtful = [] }
    return doubtful
  }

  private mutating func learn(
    _ lines: [(line: String, form: String)], after doubtful: [(line: String, form: String)]
  ) -> [String] {
    guard !doubtful.isEmpty else {
      self.doubtful = lines.map(\.line)
      // An answer of nothing but names has no frame.
      isLearned = lines.isEmpty
      return []
    }
    isLearned = true
    self.doubtful = []
    let (first, second) = (Set(doubtful.map(\.form)), Set(lines.map(\.form)))
    for form in first.intersection(second) { remember(form) }
    usual = lines.count { first.contains($0.form) }
    let news = doubtful.filter { !second.contains($0.form) } + lines.filter { !first.contains($0.form) }
    return news.map(\.line)
  }

  private mutating func remember(_ form: String) { if forms.count < Self.mostForms { forms.insert(form) } }

  /// The line with each number made `0` and each name, or list of names, made one `@`.
  private static func form(of line: String, people: Set<Nickname>) -> String {
    let names = NameReader { people.contains($0) }
    var form: [String] = []
    // What tells lines apart stands at their beginning.
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
