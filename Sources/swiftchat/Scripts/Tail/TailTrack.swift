import ChatModel
import ChatProtocol

/// One conversation that `tail` prints: what is read of it, and what comes next. The messages are read from the log by
/// their numbers, in pages; live messages are taken if they are next, and otherwise only show that there is more.
struct TailTrack {
  enum Stage: Equatable {
    /// Not open on this connection.
    case closed
    /// The head is asked for, because the server may not report it by itself.
    case probing
    case searching(TailSearch)
    case reading
    /// Everything up to the head is read.
    case current
  }

  static let pageSize = 200

  let target: Target
  /// Whether the user named the conversation: then the others wait for its first messages.
  private let isNamed: Bool
  private let start: TailStart
  private(set) var stage = Stage.closed
  private(set) var epoch: Epoch?
  /// Messages up to this one are read, or are not to be read; nil until the start is found.
  private(set) var cursor: Int?
  /// Time of the last message that was read, in this run or an earlier one.
  private var time: Timestamp?
  private var head = 0
  /// Messages that are read and not printed.
  private var queue: ArraySlice<ChatMessage> = []
  /// The stage for which a request is on the wire. An answer to a request of another stage is ignored.
  private var asking: Stage?
  /// Whether everything that there was at the start is read.
  private(set) var isComplete = false

  private var wasOpened = false
  private var hasNewStart = false

  /// - Parameter position: where an earlier run ended.
  init(_ target: Target, isNamed: Bool = true, start: TailStart, position: TailPosition? = nil) {
    self.target = target
    self.isNamed = isNamed
    self.start = start
    epoch = position?.epoch
    cursor = position?.sequence
    time = position?.time
  }

  // MARK: Printing

  var next: ChatMessage? { queue.first }

  /// Whether an earlier message than those of other conversations may still come.
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

  /// The position after which reading begins, so that a later run begins there, too. Nil if it is known already.
  mutating func takeStart() -> TailPosition? {
    guard hasNewStart, let epoch, let cursor else { return nil }
    hasNewStart = false
    let before = queue.first?.sequence.map { $0 - 1 } ?? cursor
    return TailPosition(target: target, epoch: epoch, sequence: before, time: queue.isEmpty ? time : nil)
  }

  // MARK: Connection

  /// The session is online. The server reports rooms by itself, and not all direct conversations.
  mutating func connect() {
    guard stage == .closed, isNamed, case .person = target else { return }
    stage = .probing
  }

  mutating func close() {
    stage = .closed
    asking = nil
  }

  /// The numbers mean the same in another epoch.
  mutating func proceed(in epoch: Epoch) { self.epoch = epoch }

  enum Opening { case known, first, replaced }

  /// The server reports the head of the conversation.
  /// - Parameter epoch: nil if there is no conversation yet.
  /// - Returns: whether this is the conversation of the position.
  mutating func open(_ epoch: Epoch?, head: Int) -> Opening {
    let former = self.epoch
    self.epoch = epoch ?? former
    wasOpened = true
    self.head = max(self.head, head)
    guard epoch == nil || former == nil || former == epoch else {
      self.head = head
      queue = []
      asking = nil
      begin(.since(time.map { $0.advanced(by: .milliseconds(1)) } ?? Timestamp(milliseconds: 0)))
      return .replaced
    }
    if let cursor {
      guard stage == .closed || stage == .probing else { return .known }
      if cursor < self.head { stage = .reading } else { arrive() }
      return .known
    }
    if stage == .closed || stage == .probing { begin(start) }
    return .first
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

  mutating func answered(_ page: [ChatMessage], hasMore: Bool) {
    let asked = asking
    asking = nil
    guard asked == stage else { return }
    switch stage {
    case .closed, .current: break
    case .probing: _ = open(nil, head: page.last?.sequence ?? 0)
    case .searching(var search):
      search.read(page.first.flatMap { message in message.sequence.map { ($0, message.time) } })
      self.search(search)
    case .reading:
      let new = page.filter { ($0.sequence ?? 0) > cursor ?? 0 }
      take(new)
      // Without progress, the messages up to the head do not exist any more.
      if new.isEmpty { cursor = max(cursor ?? 0, head) }
      if !hasMore || new.isEmpty, cursor ?? 0 >= head { arrive() }
    }
  }

  /// A message arrives that was not asked for.
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
