import ChatProtocol
import ChatRecords
import GRDB

/// One search, within a read transaction: first scans the messages that are not indexed yet, then queries the index.
struct Searching {
  private let database: Database
  private let mustStop: () -> Bool
  private var progress: SearchProgress { didSet { if progress.hasBegun { beginning.isOver = true } } }
  private let beginning = InitialPhase()
  private var lastWord = LastWord.word

  /// How the index is queried for the last word of the last phrase.
  private enum LastWord {
    case word
    /// A prefix, by the words of the index that begin with it: the index reads their entries one by one, newest first.
    case completions([String])
    /// A prefix of too many words. The index reads all their entries before the first result, in each query.
    case prefix
    /// A single character, with which so many words begin that only the messages are compared.
    case anyWord
  }

  /// Maximum number of phrases, and of words per phrase, passed to the index; the results are checked against the full
  /// query.
  private static let indexedPhrases = 16
  private static let indexedWords = 8
  /// With more conversations than `fewConversations`, combining their entries in the index takes longer than finding
  /// the words first and filtering out other conversations. At most `rowsLeftOut` rows are examined in that way.
  private static let fewConversations = 16
  private static let rowsLeftOut = 2000
  /// Sizes of the id ranges queried at once; the largest is divided by the number of words.
  private static let smallestPiece = 16_384
  private static let largestPiece = 524_288
  private static let growth = 8
  /// A prefix with at most this many words in the index is queried as those words.
  private static let completions = 32
  /// With more conversations than this, the index is never queried by conversation.
  private static let indexedConversations = 1000

  private final class InitialPhase {
    var isOver = false
  }

  /// - Returns: nil if the search cannot find anything.
  init?(_ request: SearchRequest, in database: Database, until mustStop: @escaping () -> Bool) throws {
    guard let terms = SearchTerms(request.query) else { return nil }
    self.database = database
    self.mustStop = mustStop
    var conversations: [Int: Conversation] = [:]
    let table = ConversationTable(database)
    for conversation in request.conversations {
      if let id = try table.id(of: conversation) { conversations[id] = conversation }
    }
    guard !conversations.isEmpty else { return nil }
    progress = SearchProgress(request, terms, in: conversations)
  }

  private var terms: SearchTerms { progress.terms }
  private var conversations: [Int: Conversation] { progress.conversations }

  mutating func run() throws -> Page {
    let (mustStop, beginning) = (mustStop, beginning)
    do {
      try Interruption.watch(database, until: { beginning.isOver && mustStop() }) {
        let indexedThrough = try SearchIndex(database).indexedThrough()
        if try searchTail(behind: indexedThrough) { try searchIndex(through: indexedThrough) }
      }
    } catch {
      guard error.isInterruption else { throw error }
      progress.stop()
    }
    return progress.page
  }

  /// - Returns: whether to continue.
  private mutating func take(_ row: PreparedStatement.Row) throws -> Bool {
    do { return try progress.take(row, until: mustStop) } catch { throw LogError(error) }
  }

  private mutating func searchTail(behind indexedThrough: Int) throws -> Bool {
    let statement = try PreparedStatement(
      "SELECT \(MessageTable.columns) FROM messages WHERE id > ? AND id < ? ORDER BY id DESC", in: database)
    statement.bind(indexedThrough, at: 1)
    statement.bind(progress.before, at: 2)
    var goesOn = true
    try statement.forEach { row in
      goesOn = try take(row)
      return goesOn
    }
    if goesOn { progress.reach(behind: indexedThrough) }
    return goesOn
  }

  /// Queries the index in ranges of ids, newest first, because a query within a range cannot be interrupted. The ranges
  /// grow: with few results, most of a query's time is its start-up.
  private mutating func searchIndex(through indexedThrough: Int) throws {
    guard let span = try span(through: indexedThrough) else { return }
    lastWord = try formOfLastWord()
    let unplaced = expression(in: [])
    let placed = expression(in: conversations.keys.sorted())
    var leavesOut = conversations.count > Self.fewConversations && unplaced != nil
    var rows = conversations.count > Self.indexedConversations ? Int.max : Self.rowsLeftOut
    let largest = Self.largestPiece / max(wordCount, 1)
    var size = min(Self.smallestPiece, largest)
    if case .prefix = lastWord { size = .max }
    var upper = span.upperBound
    while upper >= span.lowerBound {
      let lower = max(span.lowerBound, upper - (size - 1))
      var piece = lower...upper
      var isDone = false
      if leavesOut, let unplaced {
        let last = try search(for: unplaced, in: piece, atMost: &rows)
        isDone = last == nil || last == lower
        if let last {
          leavesOut = false
          if last > lower { piece = lower...(last - 1) }
        }
      }
      if !isDone, let placed {
        var rows = Int.max
        _ = try search(for: placed, in: piece, atMost: &rows)
      }
      guard !progress.isOver else { return }
      progress.reach(lower)
      upper = lower - 1
      size = min(size, largest / Self.growth) * Self.growth
      if upper >= span.lowerBound, mustStop() {
        progress.stop()
        return
      }
    }
  }

  /// - Parameter rows: maximum number of rows to examine; reduced by those examined.
  /// - Returns: the last row examined if the maximum was reached; nil if the range is complete.
  private mutating func search(for expression: String, in span: ClosedRange<Int>, atMost rows: inout Int) throws -> Int?
  {
    let statement = try PreparedStatement(
      "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC", in: database)
    statement.bind(expression, at: 1)
    statement.bind(span.lowerBound, at: 2)
    statement.bind(span.upperBound, at: 3)
    // Not a join, because SQLite could choose another order.
    let message = try PreparedStatement("SELECT \(MessageTable.columns) FROM messages WHERE id = ?", in: database)
    var last: Int?
    try statement.forEach { place in
      message.bind(place.int(0), at: 1)
      guard try message.first({ try take($0) }) ?? true else { return false }
      rows -= 1
      if rows == 0 { last = place.int(0) }
      return rows > 0
    }
    return last
  }

  /// The range of ids that may contain results.
  private func span(through indexedThrough: Int) throws -> ClosedRange<Int>? {
    let last = progress.last(through: indexedThrough)
    guard terms.from != nil || terms.until != nil else { return last > 0 ? 0...last : nil }
    let statement = try PreparedStatement(
      "SELECT min(first_id), max(last_id) FROM days WHERE day BETWEEN ? AND ?", in: database)
    statement.bind(terms.from?.day ?? .min, at: 1)
    statement.bind(terms.until?.day ?? .max, at: 2)
    return try statement.first { row in
      guard !row.isNull(0), row.int(0) <= min(row.int(1), last) else { return nil }
      return row.int(0)...min(row.int(1), last)
    } ?? nil
  }

  /// Reads from the index how to query it for the last word.
  private func formOfLastWord() throws -> LastWord {
    guard let phrase = terms.phrases.prefix(Self.indexedPhrases).last, phrase.endsInPrefix,
      let prefix = Self.words(of: phrase).last
    else { return .word }
    if let words = try SearchIndex(database).words(beginningWith: prefix, atMost: Self.completions) {
      return words.isEmpty ? .word : .completions(words)
    }
    return prefix.unicodeScalars.count == 1 ? .anyWord : .prefix
  }

  /// Number of words that each query reads the entries of, besides those of the conversations.
  private var wordCount: Int {
    var count = terms.phrases.prefix(Self.indexedPhrases).reduce(terms.author == nil ? 0 : 1) { count, phrase in
      count + min(Self.words(of: phrase).count, Self.indexedWords)
    }
    if case .completions(let words) = lastWord { count += words.count - 1 }
    return count
  }

  private static func words(of phrase: SearchPhrase) -> [String] {
    phrase.words.bytes.split(separator: SearchText.space).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The query in FTS5 syntax. All words consist of letters, digits and non-ASCII characters, so that none can be an
  /// operator or end the quotes.
  /// - Returns: nil if there is no condition.
  private func expression(in conversations: [Int]) -> String? {
    var parts = terms.phrases.prefix(Self.indexedPhrases).compactMap(expression)
    if let author = terms.author { parts.append("\"\(SearchIndex.word(forAuthor: author))\"") }
    if !conversations.isEmpty {
      parts.append(Self.any(of: conversations.map { [SearchIndex.word(forConversation: $0)] }))
    }
    return parts.isEmpty ? nil : parts.joined(separator: " AND ")
  }

  /// - Returns: nil if there is no condition.
  private func expression(for phrase: SearchPhrase) -> String? {
    let words = Self.words(of: phrase)
    let indexed = Array(words.prefix(Self.indexedWords))
    guard phrase.endsInPrefix, indexed.count == words.count else { return Self.any(of: [indexed]) }
    switch lastWord {
    case .word: return Self.any(of: [indexed])
    case .completions(let completions): return Self.any(of: completions.map { indexed.dropLast() + [$0] })
    case .prefix: return "\(Self.any(of: [indexed]))*"
    case .anyWord: return indexed.count == 1 ? nil : Self.any(of: [indexed.dropLast()])
    }
  }

  private static func any(of phrases: [[String]]) -> String {
    let quoted = phrases.map { "\"\($0.joined(separator: " "))\"" }
    return quoted.count == 1 ? quoted[0] : "(\(quoted.joined(separator: " OR ")))"
  }
}
