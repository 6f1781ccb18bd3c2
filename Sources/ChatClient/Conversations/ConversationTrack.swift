import ChatProtocol
import DequeModule

/// How far one conversation was told, and what of it cannot be told yet.
///
/// The server counts the messages of a conversation from 1 without holes. What was told is one stretch of them, from
/// `oldest` to `cursor`, that grows at both ends: the next ones through `message` and `sendConfirmed`, those before
/// through `older`. A message beyond the next waits until those between were fetched.
struct ConversationTrack: Sendable {
  /// More than so many are not told one by one: the conversation is begun anew at its end.
  static let missedLimit = 300
  static let pageSize = 100
  static let patience = Duration.seconds(10)
  static let retryInterval = Duration.seconds(5)
  static let attempts = 3

  /// What is done about messages that are missing, on this connection.
  enum Stage: Sendable {
    case idle
    /// A page is to be asked for.
    case wanted
    /// The server sends it by itself.
    case pushAwaited(until: MonotonicTime)
    /// - Parameter reaching: the first of those that were held then: what is before it and not in the answer is gone.
    case asked(UInt64, reaching: Int?)
    /// The answer is being told.
    case telling(hasMore: Bool, reaching: Int?)
    /// The server could not answer: again then.
    case paused(until: MonotonicTime)
  }

  enum Older: Hashable, Sendable {
    case none, wanted
    case asked(UInt64)
  }

  let target: Target
  var epoch: Epoch
  /// All up to this one was told, or is gone. Nil: to be learned from the first page.
  var cursor: Int?
  /// Nothing before this one was told.
  var oldest: Int
  var hasOlder = true
  /// Nothing was told yet: the newest page comes first, and all else waits for it.
  var needsFirst = true
  var isSynced = false
  /// The screen may show something of it.
  var isShown = false
  var stage = Stage.idle
  var older = Older.none
  /// What is older than this one is wanted.
  var olderBound = 1
  var serial: UInt64
  /// The largest `Post.id` heard of.
  var lastID = 0

  var held = HeldMessages()
  /// Until when the server may take to send by itself what was missed; nil where it does not, or has.
  var pushUntil: MonotonicTime?
  /// There was no room to hold some.
  var hasLost = false
  var page: Deque<Post> = []
  /// How many were fetched in a row.
  var fetched = 0
  var failures = 0
  /// Sends that the server has confirmed and whose turn has not come.
  var claims: [Int: Claim] = [:]
  /// The server takes us for somebody else than who had this conversation: the next that is heard of it is another.
  var isForeign = false

  struct Claim: Sendable {
    var id: SendID
    var messageID: Int?
    var time: Timestamp
    /// The server was started again since it confirmed the send: another message may have the place now.
    var isUncertain = false

    /// The message in its place is another one. A server that names epochs tells ids and times, too.
    func isRefuted(by post: Post) -> Bool {
      guard isUncertain, let messageID, let id = post.id else { return false }
      return id != messageID || post.time != time
    }
  }

  /// - Parameter serials: its requests are counted from there.
  init(_ target: Target, epoch: Epoch, serials: UInt64) {
    self.target = target
    serial = serials
    self.epoch = epoch
    oldest = 1
    stage = .wanted
  }

  /// What it costs to keep all that waits for its turn.
  var waitingBytes: Int { page.reduce(held.bytes) { $0 + $1.size } }

  var isWaiting: Bool { !held.isEmpty || !page.isEmpty }

  /// Something is to be asked for.
  var wantsRequest: Bool {
    if case .wanted = stage { return true }
    return older == .wanted && !needsFirst
  }

  /// When `timer` is to be called.
  var deadline: MonotonicTime? {
    switch stage {
    case .pushAwaited(let until), .paused(let until): until
    case .idle, .wanted, .asked, .telling: nil
    }
  }
}

extension ConversationTrack {
  /// The person wants to read what was before.
  /// - Parameter bound: the first message that the screen shows; nil: that was told.
  mutating func showOlder(before bound: Int?, into actions: inout [ClientSession.Action]) {
    // The first page is such an answer, too.
    guard !needsFirst else { return catchUp() }
    guard older == .none else { return }
    // What is beyond the last that was told comes in its turn.
    olderBound = bound.flatMap { bound in cursor.map { min(bound, $0 + 1) } } ?? oldest
    if olderBound > 1, !isForeign, hasOlder || olderBound != oldest {
      older = .wanted
    } else {
      actions.append(.tell(.older(target, [], hasMore: false)))
    }
  }

  mutating func nextRequest() -> HistoryRequest? {
    if case .wanted = stage {
      serial &+= 1
      stage = .asked(serial, reaching: held.first?.sequence)
      guard needsFirst else {
        hasLost = false
        return request(.missing, .after(cursor ?? 0), limit: Self.missedLimit)
      }
      return request(.first, cursor.map { .before($0 + 1) } ?? .latest, limit: Self.pageSize)
    }
    guard older == .wanted, !needsFirst else { return nil }
    serial &+= 1
    older = .asked(serial)
    return request(.older, .before(olderBound), limit: Self.pageSize)
  }

  private func request(_ purpose: HistoryRequest.Purpose, _ range: HistoryRange, limit: Int) -> HistoryRequest {
    HistoryRequest(target: target, purpose: purpose, range: range, limit: limit, serial: serial)
  }
}
