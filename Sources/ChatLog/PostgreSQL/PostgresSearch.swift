import ChatProtocol
import ChatRecords

/// One search, on one connection: first scans the messages that are not indexed yet, then queries the index, one range
/// of ids after the other. `SearchTerms` decides on each message; the index only saves reading most of them.
struct PostgresSearch {
  private let connection: PostgresConnection
  private let query: PostgresSearchQuery
  private let mustStop: () -> Bool
  private var progress: SearchProgress

  /// Messages read at once: at first, and at most.
  private static let firstSlice = 64
  private static let largestSlice = 1024
  /// Small ranges before the first large one: the newest messages are found soonest.
  private static let smallRanges = 4

  /// - Returns: nil if the search cannot find anything.
  init?(
    _ request: SearchRequest, on connection: PostgresConnection, until mustStop: @escaping () -> Bool
  ) throws(PostgresError) {
    guard let terms = SearchTerms(request.query) else { return nil }
    self.connection = connection
    self.mustStop = mustStop
    var rows = PostgresConversations()
    try rows.find(Set(request.conversations), creates: false, on: connection)
    var conversations: [Int: Conversation] = [:]
    for conversation in request.conversations {
      if let row = rows[conversation] { conversations[row.id] = conversation }
    }
    guard !conversations.isEmpty else { return nil }
    progress = SearchProgress(request, terms, in: conversations)
    query = PostgresSearchQuery(terms, conversations: conversations.keys.sorted())
  }

  mutating func run() throws(PostgresError) -> Page {
    do throws(PostgresError) {
      let indexedThrough = try PostgresIndex(connection: connection).indexedThrough()
      if try searchTail(behind: indexedThrough) { try searchIndex(through: indexedThrough) }
    } catch {
      guard error.state == PostgresError.State.cancelled, progress.hasBegun else { throw error }
      progress.stop()
    }
    return progress.page
  }

  /// Whether to stop; false until there is progress.
  private var isDue: Bool { progress.hasBegun && mustStop() }

  private mutating func take(_ row: PostgresRows.Row) throws(PostgresError) -> Bool {
    do { return try progress.take(row, until: mustStop) } catch { throw PostgresError(error) }
  }

  private func execute(_ sql: String, _ parameters: [PostgresParameter]) throws(PostgresError) -> PostgresRows {
    try connection.executeOnce(sql, parameters) { isDue }
  }

  /// - Returns: whether to continue.
  private mutating func searchTail(behind indexedThrough: Int) throws(PostgresError) -> Bool {
    var slice = Self.firstSlice
    var upper = progress.before
    while true {
      let rows = try execute(
        """
        SELECT \(PostgresMessages.columns) FROM messages m
        WHERE m.id > $1 AND m.id < $2 AND m.conversation = ANY ($3) ORDER BY m.id DESC LIMIT $4
        """, [.int(indexedThrough), .int(upper), .ints(progress.conversations.keys.sorted()), .int(slice)])
      for row in rows.map({ $0 }) {
        guard try take(row) else { return false }
        upper = row.int(0)
      }
      guard rows.count == slice else { break }
      slice = min(slice * 4, Self.largestSlice)
    }
    progress.reach(behind: indexedThrough)
    return true
  }

  // MARK: Index

  private mutating func searchIndex(through indexedThrough: Int) throws(PostgresError) {
    guard let span = try span(through: indexedThrough) else { return }
    var upper = span.upperBound
    var ranges = 0
    while upper >= span.lowerBound {
      // A large range only where the ids above it were searched.
      let isAtEnd = (upper + 1) % PostgresWords.Span.large.size == 0
      let isLarge = query.prefersLargeRanges || (ranges >= Self.smallRanges && isAtEnd)
      let kind = isLarge ? PostgresWords.Span.large : .small
      let lower = max(span.lowerBound, (upper >> kind.rawValue) << kind.rawValue)
      guard try search(lower...upper, kind) else { return }
      progress.reach(lower)
      upper = lower - 1
      ranges += 1
      if upper >= span.lowerBound, isDue {
        progress.stop()
        return
      }
    }
  }

  /// Searches one range, which lies within one range of the kind.
  /// - Returns: whether to continue.
  private mutating func search(_ range: ClosedRange<Int>, _ kind: PostgresWords.Span) throws(PostgresError) -> Bool {
    var slice = Self.firstSlice
    var upper = range.upperBound
    let expression = query.expression(kind.word(for: range.upperBound))
    while upper >= range.lowerBound {
      // The ids first: the planner cannot read messages that are not found.
      var parameters: [PostgresParameter] = [
        .int(range.lowerBound), .int(upper), .text(expression), .int(slice),
      ]
      if query.leavesConversationsOut { parameters.append(.ints(progress.conversations.keys.sorted())) }
      let ids = try execute(
        """
        SELECT id FROM search WHERE words @@ $3::tsquery AND id BETWEEN $1 AND $2\
        \(query.leavesConversationsOut ? " AND conversation = ANY ($5)" : "") ORDER BY id DESC LIMIT $4
        """, parameters
      ).map { $0.int(0) }
      let rows = try execute(
        "SELECT \(PostgresMessages.columns) FROM messages m WHERE m.id = ANY ($1) ORDER BY m.id DESC", [.ints(ids)])
      for row in rows.map({ $0 }) { guard try take(row) else { return false } }
      guard ids.count == slice, let last = ids.last else { break }
      upper = last - 1
      slice = min(slice * 4, Self.largestSlice)
    }
    return true
  }

  /// The range of ids that may contain results.
  private func span(through indexedThrough: Int) throws(PostgresError) -> ClosedRange<Int>? {
    let (last, terms) = (progress.last(through: indexedThrough), progress.terms)
    guard last > 0 else { return nil }
    guard terms.from != nil || terms.until != nil else { return 1...last }
    let days = try execute(
      "SELECT min(first_id), max(last_id) FROM days WHERE day BETWEEN $1 AND $2",
      [.int8(terms.from?.day ?? .min), .int8(terms.until?.day ?? .max)])
    guard let row = days.first, !row.isNull(0), row.int(0) <= min(row.int(1), last) else { return nil }
    return row.int(0)...min(row.int(1), last)
  }
}
