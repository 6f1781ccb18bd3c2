import ChatProtocol

/// Separates the fixed lines around the names in a server's answer to `WHO` (`2 users online`, `--- End of List ---`)
/// from lines sent meanwhile. The frame consists of the lines that the next answer contains as well.
struct RosterFrame: Sendable {
  private static let mostForms = 256
  private static let mostBytes = 512

  private struct Entry {
    var line: String
    /// The line with names and numbers replaced.
    var form: String

    var hasName: Bool { form.split(separator: " ").contains("@") }
  }

  /// A line of the last answer that is either a message or a new frame line.
  private struct Doubt: Sendable {
    var line: String
    /// Number of answers in a row with a line of this form.
    var answers = 1
    /// Whether the line has to be reported unless the next answer shows that it belongs to the frame.
    var isPending = true
  }

  /// Lines of the frame, with names and numbers replaced.
  private var forms: Set<String> = []
  /// Number of frame lines in the last answer.
  private var usual = 0
  /// Number of those that do not depend on the users listed.
  private var fixed = 0
  private(set) var isLearned = false
  /// Whether lines of the frame read like messages, such as `bob: away`: then only a longer answer shows that it
  /// contains a message.
  private var readsLikeMessages = false
  private var doubts: [Doubt] = []

  /// Whether the next answer should be requested at once.
  var needsAnother: Bool { !isLearned && !doubts.isEmpty }
  /// The lines of the last answer that have not been reported and may have to be.
  var doubtful: [String] { doubts.filter(\.isPending).map(\.line) }

  /// Whether a line that reads like a message is one, although an answer is being received.
  /// - Parameter names: names that may appear in the frame.
  func excludes(_ line: String, names: NameReader) -> Bool {
    isLearned && !readsLikeMessages && !forms.contains(Self.form(of: line, names: names))
  }

  /// - Parameters:
  ///   - lines: the lines of an answer other than names.
  ///   - names: names that may appear in the frame.
  ///   - isMessage: whether a line reads like a user's message. Such a line is reported at once if it is not in the
  ///     frame.
  /// - Returns: lines that do not belong to the frame, in order of arrival.
  mutating func sift(_ lines: [String], names: NameReader, isMessage: (String) -> Bool) -> [String] {
    let entries = Self.entries(lines, names: names)
    // More names may be known by now.
    let former = doubts.map { (doubt: $0, form: Self.form(of: $0.line, names: names)) }
    guard isLearned else { return learn(entries, after: former.filter { $0.doubt.isPending }, isMessage) }
    var frame: [Entry] = []
    var messages: [Entry] = []
    var next: [Doubt] = []
    var confirmed: Set<String> = []
    for entry in entries {
      let earlier = former.filter { $0.form == entry.form }.map { $0.doubt }
      let mayBeMessage = !readsLikeMessages || (entries.count > usual && earlier.isEmpty)
      if forms.contains(entry.form) {
        frame.append(entry)
      } else if mayBeMessage, isMessage(entry.line) {
        messages.append(entry)
      } else if earlier.contains(where: { $0.line == entry.line || $0.answers > 1 }) {
        // Lines that differ in names or numbers may be two reports of the server; a third one is of the frame.
        confirmed.insert(entry.form)
        frame.append(entry)
      } else {
        next.append(Doubt(line: entry.line, answers: (earlier.map(\.answers).max() ?? 0) + 1))
      }
    }
    for entry in frame where confirmed.contains(entry.form) { remember(entry, isMessage) }
    let news = former.filter { $0.doubt.isPending && !confirmed.contains($0.form) }.map { $0.doubt.line }
    let formerFixed = fixed
    note(frame)
    if fixed + next.count <= formerFixed {
      // The frame lines, with different words.
      for index in next.indices { next[index].isPending = false }
      fixed += next.count
      usual += next.count
    }
    doubts = next
    return news + messages.map(\.line)
  }

  /// The same for an answer without an end.
  mutating func siftIncomplete(_ lines: [String], names: NameReader) -> [String] {
    let entries = Self.entries(lines, names: names)
    guard !isLearned else { return entries.filter { !forms.contains($0.form) }.map(\.line) }
    doubts += entries.prefix(max(Self.mostForms - doubts.count, 0)).map { Doubt(line: $0.line) }
    return []
  }

  /// Takes the lines that would wait for the next answer. They are still compared with it, so that a new line of the
  /// frame is reported once at most.
  mutating func takeDoubtful() -> [String] {
    defer { for index in doubts.indices { doubts[index].isPending = false } }
    return doubtful
  }

  private mutating func learn(
    _ entries: [Entry], after former: [(doubt: Doubt, form: String)], _ isMessage: (String) -> Bool
  ) -> [String] {
    guard !former.isEmpty else {
      doubts = entries.map { Doubt(line: $0.line) }
      // An answer with only names has no frame.
      isLearned = entries.isEmpty
      return []
    }
    isLearned = true
    doubts = []
    let first = Set(former.map { $0.form })
    let second = Set(entries.map(\.form))
    let frame = entries.filter { first.contains($0.form) }
    for entry in frame { remember(entry, isMessage) }
    note(frame)
    let before = former.filter { !second.contains($0.form) }.map { $0.doubt.line }
    return before + entries.filter { !first.contains($0.form) }.map(\.line)
  }

  /// Counts the frame lines of an answer. A line with a name may be missing because its user has left. Lines that read
  /// like messages contain names, and are counted nevertheless.
  private mutating func note(_ frame: [Entry]) {
    usual = frame.count
    fixed = frame.count { readsLikeMessages || !$0.hasName }
  }

  private mutating func remember(_ entry: Entry, _ isMessage: (String) -> Bool) {
    if isMessage(entry.line) { readsLikeMessages = true }
    if forms.count < Self.mostForms { forms.insert(entry.form) }
  }

  /// Leaves out blank lines, which are never shown.
  private static func entries(_ lines: [String], names: NameReader) -> [Entry] {
    lines.map { Entry(line: $0, form: form(of: $0, names: names)) }.filter { !$0.form.isEmpty }
  }

  /// The line with each number replaced by `0` and each name, or list of names, by one `@`.
  private static func form(of line: String, names: NameReader) -> String {
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
