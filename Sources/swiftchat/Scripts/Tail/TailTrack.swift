import ChatModel
import ChatProtocol

/// The state of one conversation that `tail` prints. Messages are read from the server's log in pages, by sequence
/// number. A live message is taken if it is the next one; otherwise it only raises the head.
struct TailTrack {
  enum Stage: Equatable {
    /// Not open on this connection.
    case closed
    /// The head is requested, because it may not be reported otherwise.
    case probing
    case searching(TailSearch)
    case reading
    /// Everything up to the head is read.
    case current
  }

  static let pageSize = 200

  let target: Target
  /// Whether the user named the conversation. The other conversations wait until it is open.
  private let isNamed: Bool
  /// Whether reading goes on behind the head at the start.
  private let follows: Bool
  /// Where reading begins while there is no cursor.
  private var start: TailStart
  private let firstRun: Timestamp
  private(set) var stage = Stage.closed
  private(set) var epoch: Epoch?
  /// The last message that was read or skipped; nil until the start is found.
  private(set) var cursor: Int?
  /// Time of the last message that was read, in this run or an earlier one.
  private var time: Timestamp?
  /// The last message to be read. Without following, it stays the one at the start.
  private var head = 0
  /// Messages that are read and not printed.
  private var queue: ArraySlice<ChatMessage> = []
  /// The stage for which a request is on the wire. An answer to a request of another stage is ignored.
  private var asking: Stage?
  /// Whether all messages up to the head at the start are read.
  private(set) var isComplete = false

  private var wasOpened = false
  /// Whether the server has named the epoch in this run.
  private var hasNamedEpoch = false
  private var hasNewStart = false
  /// Number of further answers that count as progress although they do not move the cursor. A search takes at most 63.
  private var looks = 200

  /// - Parameters:
  ///   - follows: whether reading goes on behind the head at the start.
  ///   - firstRun: the time of the first run.
  ///   - position: the last position of an earlier run, to which `start` does not apply.
  init(
    _ target: Target, isNamed: Bool, follows: Bool, start: TailStart, firstRun: Timestamp,
    position: TailPosition? = nil
  ) {
    self.target = target
    self.isNamed = isNamed
    self.follows = follows
    self.start = position == nil ? start : .last(0)
    self.firstRun = firstRun
    epoch = position?.epoch
    cursor = position?.sequence
    time = position?.time
  }

  // MARK: Printing

  var next: ChatMessage? { queue.first }

  /// Whether this conversation may still have messages that are earlier than those of others.
  var isBlocking: Bool {
    guard queue.isEmpty else { return false }
    return stage == .closed ? isNamed && !wasOpened : stage != .current
  }

  mutating func takeNext() -> ChatMessage? { queue.popFirst() }

  /// The position after a message of this conversation.
  func position(after message: ChatMessage) -> TailPosition? {
    guard let epoch, let sequence = message.sequence else { return nil }
    return TailPosition(target: target, epoch: epoch, sequence: sequence, time: message.time)
  }

  /// The position after which reading begins, to be stored for later runs. Nil if it was returned before.
  mutating func takeStart() -> TailPosition? {
    guard hasNewStart, let epoch, let cursor else { return nil }
    hasNewStart = false
    let before = queue.first?.sequence.map { $0 - 1 } ?? cursor
    return TailPosition(target: target, epoch: epoch, sequence: before, time: queue.isEmpty ? time : nil)
  }

  // MARK: Connection

  /// The session is online. The server reports the heads of rooms on its own, but not of all direct conversations.
  mutating func connect() {
    guard stage == .closed, isNamed, case .person = target else { return }
    stage = .probing
  }

  mutating func close() {
    stage = .closed
    asking = nil
  }

  /// The session leaves out messages, and may not report how far the conversation reaches.
  mutating func probe() {
    if stage == .current { stage = .probing }
  }

  /// Another epoch with the same sequence numbers.
  mutating func proceed(in epoch: Epoch) { self.epoch = epoch }

  enum Opening {
    case known, first, replaced
    /// The messages up to the head at the start are gone.
    case lost
  }

  /// The server reports the head of the conversation.
  /// - Parameter epoch: nil if there is no conversation yet.
  /// - Returns: whether this is the conversation of the position.
  mutating func open(_ epoch: Epoch?, head: Int) -> Opening {
    let former = self.epoch
    if follows || !wasOpened { self.head = max(self.head, head) }
    let isOfThisRun = hasNamedEpoch
    self.epoch = epoch ?? former
    wasOpened = true
    if epoch != nil { hasNamedEpoch = true }
    guard epoch == nil || former == nil || former == epoch else {
      guard follows || !isOfThisRun else { return .lost }
      self.head = head
      queue = []
      asking = nil
      start = .since(replacementStart)
      begin(start)
      return .replaced
    }
    if let cursor {
      guard stage == .closed || stage == .probing || stage == .current else { return .known }
      if cursor < self.head { stage = .reading } else { arrive() }
      return .known
    }
    if stage == .closed || stage == .probing { begin(start) }
    return .first
  }

  /// Where to begin in a log that replaces the known one, whose sequence numbers mean nothing there.
  private var replacementStart: Timestamp {
    if let time { return time.advanced(by: .milliseconds(1)) }
    if case .since(let time) = start { return time }
    // Nothing was read. Messages that were there before are skipped, as in the known log.
    return firstRun
  }

  private mutating func begin(_ start: TailStart) {
    switch start {
    case .last(let count): read(after: max(0, head - max(0, count)))
    case .since(let time):
      cursor = nil
      search(TailSearch(time: time, head: head))
    }
  }

  private mutating func search(_ search: TailSearch) {
    if let result = search.result { read(after: result) } else { stage = .searching(search) }
  }

  private mutating func read(after sequence: Int) {
    cursor = sequence
    hasNewStart = true
    if sequence < head { stage = .reading } else { arrive() }
  }

  // MARK: Reading

  /// The next request; nil if there is none to send.
  var wanted: (range: HistoryRange, limit: Int)? {
    guard asking == nil, queue.isEmpty else { return nil }
    switch stage {
    case .closed, .current: return nil
    case .probing: return (.latest, 1)
    case .searching(let search): return (.after(search.middle), 1)
    case .reading: return (.after(cursor ?? 0), Self.pageSize)
    }
  }

  mutating func asked() { asking = stage }
  mutating func failed() { asking = nil }

  /// The server no longer knows the person, who was there before. What is missing is read with their next message.
  /// - Returns: false if the conversation was not open in this run, or its start is not found.
  mutating func awaitReturn() -> Bool {
    guard wasOpened, cursor != nil else { return false }
    asking = nil
    arrive()
    return true
  }

  /// - Returns: whether the answer is progress. Without following, only a limited number of answers are, whatever the
  ///   server sends.
  mutating func answered(_ page: [ChatMessage], hasMore: Bool) -> Bool {
    let asked = asking
    asking = nil
    guard asked == stage else { return false }
    let former = cursor
    switch stage {
    case .closed, .current: break
    case .probing: _ = open(nil, head: page.last?.sequence ?? 0)
    case .searching(var search):
      search.read(page.first.flatMap { message in message.sequence.map { ($0, message.time) } })
      self.search(search)
    case .reading:
      let end = follows ? .max : head
      let new = page.filter { message in
        let sequence = message.sequence ?? 0
        return sequence > cursor ?? 0 && sequence <= end
      }
      take(new)
      // No new message: those up to the head no longer exist.
      if new.isEmpty { cursor = max(cursor ?? 0, head) }
      if !follows || !hasMore || new.isEmpty, cursor ?? 0 >= head { arrive() }
    }
    if let cursor, cursor > former ?? -1 { return true }
    looks -= 1
    return looks >= 0
  }

  /// A live message arrives.
  mutating func hear(_ message: ChatMessage) {
    guard let sequence = message.sequence else { return }
    head = max(head, sequence)
    guard stage == .current, let cursor, sequence > cursor else { return }
    if sequence == cursor + 1, queue.count < Self.pageSize { take([message]) } else { stage = .reading }
  }

  private mutating func take(_ messages: [ChatMessage]) {
    queue += messages
    cursor = messages.last?.sequence ?? cursor
    time = messages.last?.time ?? time
  }

  private mutating func arrive() {
    stage = .current
    isComplete = true
  }
}
