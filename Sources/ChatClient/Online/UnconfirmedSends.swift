import ChatProtocol
import DequeModule

/// Messages that are on the wire and have no answer yet.
///
/// A message to the room comes back to its sender as everybody reads it, and that is its answer; where the server
/// says `OK` too, before or after, the `OK` only assures that it was stored. A message to a person has the `OK` alone,
/// or, in the plain dialect, no `ERR` for a while.
struct UnconfirmedSends: Sendable {
  /// At most so many at a time; the rest waits in the outbox. Within the burst that servers allow.
  static let limit = 8
  /// How long a server may take to send an echo or an `ERR`.
  private static let plainPatience = Duration.seconds(2)
  private static let taggedPatience = Duration.seconds(30)
  private static let lateLimit = 64

  struct Entry: Sendable {
    var draft: Draft
    var label: String?
    /// Which of the connection's lines it was.
    var line: UInt64
    var sentAt: Timestamp
    var storedAt: Timestamp?
    var deadline: MonotonicTime
    fileprivate var words: EchoWords

    /// How it ends where nothing more is heard.
    func outcome(otherwise reason: String) -> ClientEvent {
      storedAt.map { .sendConfirmed(draft.id, sequence: nil, time: $0) } ?? .sendFailed(draft.id, reason: reason)
    }
  }

  private var entries: [Entry] = []
  /// What was confirmed without an echo, should one come after all: it was shown already.
  private var late: Deque<EchoWords> = []

  var isEmpty: Bool { entries.isEmpty }
  var isFull: Bool { entries.count >= Self.limit }
  var count: Int { entries.count }
  var deadline: MonotonicTime { entries.lazy.map(\.deadline).min() ?? .distantFuture }

  mutating func append(_ draft: Draft, label: String?, line: UInt64, at moment: Moment) {
    entries.append(
      Entry(
        draft: draft, label: label, line: line, sentAt: moment.wall,
        deadline: moment.now + (label == nil ? Self.plainPatience : Self.taggedPatience),
        words: EchoWords(draft)))
  }

  /// Whether the server has not said yet what became of something that was sent there.
  func awaitsVerdict(in target: Target) -> Bool { entries.contains { $0.draft.recipient == target } }

  // MARK: Answers

  /// - Returns: the message that this label belongs to. It is no longer followed here.
  mutating func take(label: String) -> Draft? {
    entries.firstIndex { $0.label == label }.map { entries.remove(at: $0).draft }
  }

  func draft(label: String) -> Draft? { entries.first { $0.label == label }?.draft }

  /// The server said `OK`.
  /// - Parameter label: nil for the oldest.
  mutating func accept(label: String?, at time: Timestamp?, moment: Moment) -> ClientEvent? {
    guard let index = entries.firstIndex(where: { label == nil ? $0.storedAt == nil : $0.label == label }) else {
      return nil
    }
    let time = time ?? entries[index].sentAt
    if case .person = entries[index].draft.recipient { return confirm(index, at: time) }
    entries[index].storedAt = time
    entries[index].deadline = moment.now + Self.plainPatience
    return nil
  }

  /// - Returns: the oldest message that such an error without a label can be about.
  mutating func refuse(_ code: ErrorCode?) -> Draft? {
    let index = entries.firstIndex { entry in
      guard entry.storedAt == nil else { return false }
      switch (code, entry.draft.recipient) {
      case (.userNotFound, .room), (.invalidDirectFormat, .room): return false
      default: return true
      }
    }
    return index.map { entries.remove(at: $0).draft }
  }

  enum Echo { case answers(Draft), wasShown, unknown }

  /// A message of our own came in.
  /// - Parameter isExact: whether the server sends texts on as they stand. One that does not may have changed it
  ///   beyond recognition: then it answers the oldest.
  /// - Parameter room: nil for a direct message.
  mutating func echo(of text: String, in room: RoomName?, isExact: Bool) -> Echo {
    let words = EchoWords(text, in: room)
    if let index = entries.firstIndex(where: { $0.words == words }) { return .answers(entries.remove(at: index).draft) }
    if let index = late.firstIndex(of: words) {
      late.remove(at: index)
      return .wasShown
    }
    guard room == .lobby, !isExact, let index = entries.firstIndex(where: { $0.draft.recipient == .lobby }) else {
      return .unknown
    }
    return .answers(entries.remove(at: index).draft)
  }

  // MARK: Silence

  /// The server has read everything up to this line, and has had nothing to say about it.
  mutating func confirm(before line: UInt64) -> [ClientEvent] {
    var events: [ClientEvent] = []
    while let index = entries.firstIndex(where: { $0.line < line }) {
      events.append(confirm(index, at: entries[index].sentAt))
    }
    return events
  }

  mutating func expire(at now: MonotonicTime) -> [ClientEvent] {
    var events: [ClientEvent] = []
    while let index = entries.firstIndex(where: { $0.deadline <= now }) {
      let entry = entries[index]
      if entry.label == nil || entry.storedAt != nil {
        events.append(confirm(index, at: entry.storedAt ?? entry.sentAt))
      } else {
        entries.remove(at: index)
        events.append(.sendFailed(entry.draft.id, reason: "The server did not confirm it."))
      }
    }
    return events
  }

  /// There will be no answers on this connection any more.
  /// - Returns: how those ended that were stored.
  mutating func takeUnanswered() -> (drafts: [Draft], events: [ClientEvent]) {
    defer { entries = [] }
    let events = entries.filter { $0.storedAt != nil }.map { $0.outcome(otherwise: "") }
    return (entries.filter { $0.storedAt == nil }.map(\.draft), events)
  }

  /// There will be no answers any more.
  mutating func removeAll(reason: String) -> [ClientEvent] {
    defer { entries = [] }
    return entries.map { $0.outcome(otherwise: reason) }
  }

  private mutating func confirm(_ index: Int, at time: Timestamp) -> ClientEvent {
    let entry = entries.remove(at: index)
    if late.count >= Self.lateLimit { late.removeFirst() }
    late.append(entry.words)
    return .sendConfirmed(entry.draft.id, sequence: nil, time: time)
  }
}

/// What a message and its echo have in common, though servers differ in what they call white space and though the
/// encoder replaces control characters.
private struct EchoWords: Hashable, Sendable {
  private let room: RoomName?
  private let words: String

  init(_ text: String, in room: RoomName?) {
    self.room = room
    var words = String.UnicodeScalarView()
    var isAfterSpace = true
    for scalar in text.unicodeScalars {
      if scalar == "\t" || (scalar.properties.isWhitespace && scalar.properties.generalCategory != .control) {
        if !isAfterSpace { words.append(" ") }
        isAfterSpace = true
      } else {
        words.append(scalar.properties.generalCategory == .control ? "\u{fffd}" : scalar)
        isAfterSpace = false
      }
    }
    if words.last == " " { words.removeLast() }
    self.words = String(words)
  }

  init(_ draft: Draft) {
    if case .room(let room) = draft.recipient {
      self.init(draft.text, in: room)
    } else {
      self.init(draft.text, in: nil)
    }
  }
}
