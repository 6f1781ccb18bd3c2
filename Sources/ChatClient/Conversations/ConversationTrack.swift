import ChatModel
import ChatProtocol
import DequeModule

/// The position up to which a conversation was reported to the screen, and the messages that cannot be reported yet.
///
/// The server numbers the messages of a conversation from 1 without holes. The reported messages are one contiguous
/// range from `oldest` to `cursor` that grows at both ends: later messages through `message` and `sendConfirmed`,
/// earlier ones through `older`. A message beyond the next one waits until those between have been fetched.
struct ConversationTrack: Sendable {
  /// With more missing messages than this, they are not reported one by one: the conversation starts again at its end.
  static let missedLimit = 300
  static let pageSize = 100
  static let patience = Duration.seconds(10)
  static let retryInterval = Duration.seconds(5)
  static let attempts = 3

  /// State of the request for missing messages on this connection.
  enum Stage: Sendable {
    case idle
    /// A page is to be requested.
    case wanted
    /// The server pushes the messages.
    case pushAwaited(until: MonotonicTime)
    /// - Parameter reaching: the first message held at the time of the request. Messages before it that are not in the
    ///   answer no longer exist.
    case asked(UInt64, reaching: Int?)
    /// The answer is being reported.
    case telling(hasMore: Bool, reaching: Int?)
    /// The server could not answer: retry at this time.
    case paused(until: MonotonicTime)
  }

  enum OlderRequest: Hashable, Sendable {
    case none, wanted
    case asked(UInt64)
  }

  let target: Target
  var epoch: Epoch
  /// Messages up to this one were reported or no longer exist. Nil: the first page decides.
  var cursor: Int?
  /// No message before this one was reported.
  var oldest: Int
  var hasOlder = true
  /// No message was reported yet: the newest page comes first, and everything else waits for it.
  var needsFirst = true
  var isSynced = false
  /// The screen may show messages of this conversation.
  var isShown = false
  var stage = Stage.idle
  var older = OlderRequest.none
  /// Messages older than this one are requested.
  var olderBound = 1
  var serial: UInt64
  /// The largest `ChatMessage.id` received.
  var lastID = 0

  var held = HeldMessages()
  /// Time limit for the server to push missed messages; nil if it does not push or is done.
  var pushUntil: MonotonicTime?
  /// Some messages were dropped for lack of room.
  var hasLost = false
  var page: Deque<ChatMessage> = []
  /// Number of messages fetched in a row.
  var fetched = 0
  var failures = 0
  /// Sends that the server has confirmed but whose turn has not come, by sequence.
  var claims: [Int: Claim] = [:]
  /// The server regards this client as another person than before: the next message belongs to another conversation.
  var isForeign = false

  struct Claim: Sendable {
    var id: SendID
    var messageID: Int?
    var time: Timestamp
    /// The server restarted after it confirmed the send: another message may have its sequence now.
    var isUncertain = false

    /// The message with this sequence is another one. A server that names epochs also sends ids and times.
    func isRefuted(by message: ChatMessage) -> Bool {
      guard isUncertain, let messageID, let id = message.id else { return false }
      return id != messageID || message.time != time
    }
  }

  /// Whether the newest messages are requested when the conversation is opened.
  let fetchesFirst: Bool

  /// - Parameter serials: start of the serial numbers of its requests.
  init(_ target: Target, epoch: Epoch, serials: UInt64, fetchesFirst: Bool) {
    self.target = target
    self.fetchesFirst = fetchesFirst
    serial = serials
    self.epoch = epoch
    oldest = 1
    stage = .wanted
  }

  /// Approximate memory of the messages that wait for their turn, in bytes.
  var waitingBytes: Int { page.reduce(held.bytes) { $0 + $1.size } }

  var isWaiting: Bool { !held.isEmpty || !page.isEmpty }

  /// There is a request to send.
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
  /// The user wants to read earlier messages.
  /// - Parameter bound: the first message on the screen; nil for `oldest`.
  mutating func showOlder(before bound: Int?, into actions: inout [ClientSession.Action]) {
    // The first page also answers this request.
    guard !needsFirst else { return catchUp() }
    guard older == .none else { return }
    // Messages after `cursor` are reported in their turn.
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

  private func request(_ purpose: HistoryRequest.HistoryPurpose, _ range: HistoryRange, limit: Int) -> HistoryRequest {
    HistoryRequest(target: target, purpose: purpose, range: range, limit: limit, serial: serial)
  }
}
