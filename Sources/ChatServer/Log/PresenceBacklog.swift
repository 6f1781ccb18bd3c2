import ChatProtocol
import ChatRecords

/// Read marks and ends of logins that a shared log has not stored yet.
struct PresenceBacklog: Sendable {
  /// The furthest mark of each login in each conversation.
  private var marks: [MarkOwner: ReadMark] = [:]
  private var departures: [Departure] = []
  /// Whether entries wait that the log has not refused: they warrant a submission of their own.
  private(set) var isDue = false

  private struct MarkOwner: Hashable {
    let login: LoginID
    let conversation: Conversation
  }

  /// Bounds the memory while the database is away; a dropped mark is set again when the member reads the next message.
  /// Departures need no bound: each ends a login that the log has stored.
  static let markCapacity = 65_536

  var isEmpty: Bool { marks.isEmpty && departures.isEmpty }

  mutating func add(_ mark: ReadMark, of login: LoginID) {
    let owner = MarkOwner(login: login, conversation: mark.conversation)
    if let known = marks[owner] {
      guard known.sequence < mark.sequence else { return }
    } else {
      guard marks.count < Self.markCapacity else { return }
    }
    marks[owner] = mark
    isDue = true
  }

  mutating func add(_ departure: Departure) {
    departures.append(departure)
    isDue = true
  }

  mutating func add(_ later: PresenceBacklog) {
    for (owner, mark) in later.marks { add(mark, of: owner.login) }
    for departure in later.departures { add(departure) }
  }

  mutating func clear() {
    marks.removeAll(keepingCapacity: true)
    departures.removeAll(keepingCapacity: true)
    isDue = false
  }

  /// Removes entries for the next submission, at most `limit`: departures before marks, because names wait for them.
  ///
  /// Proposals that were made later may be stored before the remaining entries. That does no harm: a departure names its
  /// login, and marks only move forward.
  /// - Returns: the marks first: a login moves its marks before it ends.
  mutating func take(limit: Int) -> [FeedEntry] {
    let ended = departures.prefix(limit)
    departures.removeFirst(ended.count)
    let moved = Array(marks.prefix(limit - ended.count))
    for (owner, _) in moved { marks[owner] = nil }
    isDue = !isEmpty
    return moved.map { FeedEntry.mark($0.value, login: $0.key.login) } + ended.map { FeedEntry.departure($0) }
  }

  /// The log has refused entries that were taken. The departures wait for the next submission, or for `retry`; the
  /// marks are dropped.
  mutating func refuse(_ entries: [FeedEntry]) {
    let refused = entries.compactMap { entry -> Departure? in
      if case .departure(let departure) = entry { departure } else { nil }
    }
    departures = refused + departures
    isDue = false
  }

  /// Refused entries are due again.
  mutating func retry() { isDue = !isEmpty }
}
