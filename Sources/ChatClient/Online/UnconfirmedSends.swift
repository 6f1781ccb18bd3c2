import ChatModel
import ChatProtocol
import DequeModule

/// Messages on the wire that are not answered yet.
///
/// A message to a room is answered by its echo, the line that all members receive. If the server also sends `OK`,
/// before or after the echo, the `OK` only confirms that the message was stored. A direct message is answered by the
/// `OK` alone.
///
/// In the plain dialect, a direct message has no answer, and some servers do not echo messages to their author. Silence
/// confirms nothing; the answer to a later request does, because a server answers in order.
struct UnconfirmedSends: Sendable {
  /// Maximum number of unconfirmed messages, within the burst that servers allow; the rest waits in the outbox.
  static let limit = 8
  /// The limit with a server that answers nothing.
  static let limitWithoutAnswers = Outbox.limit
  /// Time by which an echo may follow the answer to a later request, as with servers that use a thread for each reader.
  private static let echoPatience = Duration.seconds(2)
  /// Time by which a server with tags has answered a message, or at least a later `PING`.
  private static let taggedPatience = Duration.seconds(30)
  private static let lateLimit = 64

  /// Whether the server echoes messages to their author.
  enum Echoing: Sendable { case unknown, yes, no }

  struct Entry: Sendable {
    var outgoing: OutgoingMessage
    var label: String?
    /// Its line number on the connection.
    var line: UInt64
    var sentAt: Timestamp
    var storedAt: Timestamp?
    /// Whether the answer to a later request shows that a server without tags has read it.
    var isRead = false
    /// Time at which it ends without a further answer.
    var deadline: MonotonicTime
    /// Time at which to send a request whose answer confirms the message.
    var probeAt: MonotonicTime
    /// The number of lines that the server counts.
    let lines: Int
    fileprivate var words: EchoWords

    /// Result of the send if no further answer arrives.
    func outcome(otherwise reason: String) -> ClientEvent {
      (storedAt ?? (isRead ? sentAt : nil)).map { .sendConfirmed(outgoing.id, sequence: nil, time: $0) }
        ?? .sendFailed(outgoing.id, reason: reason, failure: .unconfirmed)
    }
  }

  private var entries: [Entry] = []
  /// Messages confirmed without an echo: a late echo is ignored, because the message is shown already.
  private var late: Deque<EchoWords> = []
  /// For servers without tags.
  private(set) var echoing = Echoing.unknown
  /// Whether a server without tags may repeat a direct message to its author, with the recipient in the author's place.
  private var mayRepeatDirects = true

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }
  /// Whether there are so many lines that the answer to another message may come too late: the server delays them.
  var hasManyLines: Bool { entries.reduce(0) { $0 + $1.lines } >= MessageLines.maximum }
  var deadline: MonotonicTime { entries.lazy.map(\.deadline).min() ?? .distantFuture }

  mutating func append(_ outgoing: OutgoingMessage, label: String?, line: UInt64, at moment: Moment) {
    // The echo usually arrives without a probe.
    let isEchoed = if case .room = outgoing.target { echoing == .yes } else { false }
    entries.append(
      Entry(
        outgoing: outgoing, label: label, line: line, sentAt: moment.wall,
        deadline: label == nil ? .distantFuture : moment.now + Self.taggedPatience,
        probeAt: label == nil ? moment.now + (isEchoed ? Self.echoPatience : .zero) : .distantFuture,
        lines: MessageLines.nonBlankCount(of: outgoing.text), words: EchoWords(outgoing)))
  }

  /// Time at which to send a request whose answer would confirm a message.
  /// - Parameter line: line number of the last such request.
  func probeDue(after line: UInt64) -> MonotonicTime {
    entries.lazy.filter { $0.line > line }.map(\.probeAt).min() ?? .distantFuture
  }

  /// Whether a message to this conversation is still unconfirmed.
  func awaitsVerdict(in target: Target) -> Bool { entries.contains { $0.outgoing.target == target } }

  // MARK: Answers

  /// - Returns: the message with this label, removed from the entries.
  mutating func take(label: String) -> OutgoingMessage? {
    entries.firstIndex { $0.label == label }.map { entries.remove(at: $0).outgoing }
  }

  func outgoing(label: String) -> OutgoingMessage? { entries.first { $0.label == label }?.outgoing }

  /// The server said `OK`.
  /// - Parameter label: nil for the oldest.
  mutating func accept(label: String?, at time: Timestamp?, moment: Moment) -> ClientEvent? {
    guard let index = entries.firstIndex(where: { label == nil ? $0.storedAt == nil : $0.label == label }) else {
      return nil
    }
    let time = time ?? entries[index].sentAt
    if case .person = entries[index].outgoing.target { return confirm(index, at: time) }
    entries[index].storedAt = time
    entries[index].deadline = moment.now + Self.echoPatience
    return nil
  }

  /// - Returns: the oldest message that an unlabelled error with this code can concern, and its line number on the
  ///   connection.
  mutating func refuse(_ code: ErrorCode?) -> (outgoing: OutgoingMessage, line: UInt64)? {
    let index = entries.firstIndex { entry in
      guard entry.storedAt == nil else { return false }
      switch (code, entry.outgoing.target) {
      case (.userNotFound, .room), (.invalidDirectFormat, .room): return false
      default: return true
      }
    }
    return index.map { entries.remove(at: $0) }.map { ($0.outgoing, $0.line) }
  }

  enum Echo { case answers(OutgoingMessage), wasShown, unknown }

  /// An own message arrived.
  /// - Parameter isExact: whether the server forwards texts unchanged. Another server may have changed the text beyond
  ///   recognition; its echo then answers the oldest message.
  /// - Parameter room: nil for a direct message.
  mutating func echo(of text: String, in room: RoomName?, isExact: Bool) -> Echo {
    let words = EchoWords(text, in: room)
    if let index = entries.firstIndex(where: { $0.words == words }) { return answer(index) }
    if let index = late.firstIndex(of: words) {
      late.remove(at: index)
      if room != nil { echoing = .yes }
      return .wasShown
    }
    guard room == .lobby, !isExact, let index = entries.firstIndex(where: { $0.outgoing.target == .lobby }) else {
      return .unknown
    }
    return answer(index)
  }

  private mutating func answer(_ index: Int) -> Echo {
    let entry = entries.remove(at: index)
    if case .room = entry.outgoing.target { echoing = .yes }
    return .answers(entry.outgoing)
  }

  func isPending(to recipient: Target) -> Bool { entries.contains { $0.outgoing.target == recipient } }

  /// Whether the text may be that of a message that is unconfirmed or was confirmed recently.
  func isPending(_ words: String, to recipient: Target) -> Bool {
    let echo = EchoWords(words, in: nil)
    return entries.contains { $0.outgoing.target == recipient && $0.words == echo } || late.contains(echo)
  }

  /// Texts of the unconfirmed messages to rooms, or to people, as sent; oldest first.
  func texts(isDirect: Bool) -> [(recipient: Target, text: String)] {
    entries.compactMap { entry in
      if case .person = entry.outgoing.target, !isDirect { return nil }
      if case .room = entry.outgoing.target, isDirect { return nil }
      return (entry.outgoing.target, entry.outgoing.text)
    }
  }

  // MARK: Timeouts

  /// The server has read all lines before this one and has not objected. If it may echo messages, the echo is awaited
  /// for a short time longer.
  mutating func confirm(before line: UInt64, at now: MonotonicTime) -> [ClientEvent] {
    var events: [ClientEvent] = []
    var kept: [Entry] = []
    for var entry in entries {
      var isEchoed = false
      if case .room = entry.outgoing.target { isEchoed = echoing != .no }
      if entry.line >= line {
        kept.append(entry)
      } else if isEchoed {
        entry.deadline = min(entry.deadline, now + Self.echoPatience)
        entry.isRead = true
        kept.append(entry)
      } else {
        if case .person = entry.outgoing.target { mayRepeatDirects = false }
        events.append(confirmed(entry, at: entry.storedAt ?? entry.sentAt))
      }
    }
    entries = kept
    return events
  }

  /// The server has sent a receipt for the message.
  mutating func confirm(_ text: String, to recipient: Target) -> ClientEvent? {
    entries.firstIndex { $0.outgoing.target == recipient && $0.outgoing.text == text }.map {
      confirm($0, at: entries[$0].sentAt)
    }
  }

  /// A direct message from the recipient of a pending one, with the same text, is taken for its repetition. A server
  /// that repeats direct messages does so before it answers a later request.
  mutating func confirm(repeated text: String, to recipient: Target) -> ClientEvent? {
    guard mayRepeatDirects else { return nil }
    let words = EchoWords(text, in: nil)
    return entries.firstIndex { $0.outgoing.target == recipient && $0.words == words }.map {
      confirm($0, at: entries[$0].sentAt)
    }
  }

  /// A server that answers no request has sent a line: it is alive, and no answer will follow for earlier messages.
  mutating func confirm(probedBefore time: MonotonicTime) -> [ClientEvent] {
    let confirmable = entries.filter { $0.label == nil && $0.probeAt + Self.echoPatience <= time }
    entries.removeAll { $0.label == nil && $0.probeAt + Self.echoPatience <= time }
    return confirmable.map { confirmed($0, at: $0.storedAt ?? $0.sentAt) }
  }

  /// The server is alive: it answers the messages when its log has stored them, which may take long.
  /// - Returns: whether a message waits for its answer.
  mutating func extendDeadlines(at now: MonotonicTime) -> Bool {
    var isWaiting = false
    for index in entries.indices where entries[index].label != nil && entries[index].storedAt == nil {
      entries[index].deadline = now + Self.taggedPatience
      isWaiting = true
    }
    return isWaiting
  }

  mutating func expire(at now: MonotonicTime) -> [ClientEvent] {
    var events: [ClientEvent] = []
    while let index = entries.firstIndex(where: { $0.deadline <= now }) {
      let entry = entries[index]
      if entry.label == nil || entry.storedAt != nil {
        if case .room = entry.outgoing.target, entry.label == nil, echoing == .unknown { echoing = .no }
        events.append(confirm(index, at: entry.storedAt ?? entry.sentAt))
      } else {
        entries.remove(at: index)
        events.append(
          .sendFailed(entry.outgoing.id, reason: "The server did not confirm it.", failure: .unconfirmed))
      }
    }
    return events
  }

  /// No answers will arrive on this connection any more.
  /// - Returns: the messages to send again, and the results of the stored messages.
  mutating func takeUnanswered() -> (messages: [OutgoingMessage], events: [ClientEvent]) {
    defer { entries = [] }
    let events = entries.filter { $0.storedAt != nil }.map { $0.outcome(otherwise: "") }
    return (entries.filter { $0.storedAt == nil }.map(\.outgoing), events)
  }

  /// No answers will arrive any more, on any connection.
  mutating func removeAll(reason: String) -> [ClientEvent] {
    defer { entries = [] }
    return entries.map { $0.outcome(otherwise: reason) }
  }

  private mutating func confirm(_ index: Int, at time: Timestamp) -> ClientEvent {
    confirmed(entries.remove(at: index), at: time)
  }

  /// Confirms an entry that was already removed from `entries`.
  private mutating func confirmed(_ entry: Entry, at time: Timestamp) -> ClientEvent {
    if late.count >= Self.lateLimit { late.removeFirst() }
    late.append(entry.words)
    return .sendConfirmed(entry.outgoing.id, sequence: nil, time: time)
  }
}

/// The part of a text that a message and its echo have in common. Servers differ in what they treat as white space, and
/// the encoder replaces control characters.
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

  init(_ outgoing: OutgoingMessage) {
    if case .room(let room) = outgoing.target {
      self.init(outgoing.text, in: room)
    } else {
      self.init(outgoing.text, in: nil)
    }
  }
}
