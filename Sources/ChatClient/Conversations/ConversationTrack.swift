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
  private static let retryInterval = Duration.seconds(5)
  private static let attempts = 3
  private static let oddLimit = 500

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
  private(set) var epoch: Epoch
  /// All up to this one was told, or is gone. Nil: to be learned from the first page.
  private(set) var cursor: Int?
  /// Nothing before this one was told.
  private(set) var oldest: Int
  private(set) var hasOlder = true
  /// Nothing was told yet: the newest page comes first, and all else waits for it.
  private(set) var needsFirst = true
  private(set) var isSynced = false
  private(set) var stage = Stage.idle
  private(set) var older = Older.none
  /// What is older than this one is wanted.
  private var olderBound = 1
  private var serial: UInt64 = 0
  /// The largest `Post.id` heard of.
  private(set) var lastID = 0

  private(set) var held = HeldMessages()
  /// Until when the server may take to send by itself what was missed; nil where it does not, or has.
  private var pushUntil: MonotonicTime?
  /// There was no room to hold some.
  private var hasLost = false
  private var page: Deque<Post> = []
  /// How many were fetched in a row.
  private var fetched = 0
  private var failures = 0
  /// Sends that the server has confirmed and that have not been told in their turn.
  private var claims: [Int: Claim] = [:]
  /// The server takes us for somebody else than who had this conversation: the next that is heard of it is another.
  private(set) var isForeign = false
  /// Sends that were told as confirmed out of their turn: not to be told again.
  private var odd: Set<Int> = []

  struct Claim: Sendable {
    var id: SendID
    var time: Timestamp
  }

  init(_ target: Target, epoch: Epoch) {
    self.target = target
    self.epoch = epoch
    oldest = 1
    stage = .wanted
  }

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

// MARK: - Where the conversation stands

extension ConversationTrack {
  /// The server says where live begins.
  /// - Parameter isPushed: it sends what is beyond our cursor by itself.
  mutating func sync(
    epoch: Epoch, head: Int, mark: Int?, isPushed: Bool, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) {
    let isAnother = isForeign || epoch != self.epoch || head < (cursor ?? 0)
    let missed = cursor.map { head - $0 } ?? 0
    let isTooMuch = missed > Self.missedLimit && !isPushed && !needsFirst && !isAnother
    if isAnother {
      forget(for: epoch, into: &actions)
    } else if isTooMuch {
      actions.append(.tell(.reset(target)))
    }
    isSynced = true
    actions.append(.tell(.synced(target, epoch, head: head, mark: mark)))
    pushUntil = isPushed && missed > 0 && !isAnother ? now + Self.patience : nil
    if isAnother || isTooMuch || (needsFirst && (cursor == nil || !isPushed)) {
      begin(at: head, into: &actions)
    } else if needsFirst || missed > 0 {
      stage = needsFirst ? .wanted : afterFirst
    }
    if needsFirst, head == 0 { tellOlder(HistoryPage([], hasMore: false), into: &actions) }
  }

  /// What is done about what is missing, beyond the newest page.
  private var afterFirst: Stage { pushUntil.map { .pushAwaited(until: $0) } ?? .wanted }

  /// The server's log is another one.
  mutating func reset(to epoch: Epoch, into actions: inout [ClientSession.Action]) {
    guard epoch != self.epoch else { return }
    forget(for: epoch, into: &actions)
    begin(at: nil, into: &actions)
  }

  /// The server has left out some live messages.
  mutating func gap(to last: Int, into actions: inout [ClientSession.Action]) {
    guard last > (cursor ?? 0) else { return }
    pushUntil = nil
    switch stage {
    case .idle where !needsFirst, .pushAwaited where !needsFirst:
      guard let cursor, last - cursor <= Self.missedLimit else { return beginAnew(at: nil, into: &actions) }
      stage = .wanted
    default: hasLost = true
    }
  }

  /// Fetch what is new: nobody says by itself how much it is.
  mutating func catchUp() {
    if case .idle = stage { stage = .wanted }
  }

  /// The server takes us for somebody else now.
  mutating func estrange(into actions: inout [ClientSession.Action]) {
    guard case .person = target else { return }
    settleClaims(into: &actions)
    isForeign = true
  }

  /// What belonged to the connection.
  mutating func disconnect() {
    held.removeAll()
    page = []
    hasLost = false
    fetched = 0
    failures = 0
    pushUntil = nil
    stage = .idle
    if older != .none { older = .wanted }
  }

  /// Too much is missing to be told one by one: the newest page stands for it.
  /// - Parameter head: the last message of that page; nil: it shows.
  private mutating func beginAnew(at head: Int?, into actions: inout [ClientSession.Action]) {
    actions.append(.tell(.reset(target)))
    begin(at: head, into: &actions)
  }

  /// The numbers mean other messages from now on.
  private mutating func forget(for epoch: Epoch, into actions: inout [ClientSession.Action]) {
    if epoch != self.epoch { lastID = 0 }
    isForeign = false
    self.epoch = epoch
    settleClaims(into: &actions)
    if !needsFirst || !odd.isEmpty { actions.append(.tell(.reset(target))) }
    odd = []
    held.removeAll()
    needsFirst = true
  }

  private mutating func begin(at head: Int?, into actions: inout [ClientSession.Action]) {
    page = []
    while let first = held.first, first.sequence <= head ?? 0 { held.popFirst() }
    // The page that shows where it ends has all that there was no room for.
    if head == nil { hasLost = false }
    fetched = 0
    failures = 0
    older = .none
    hasOlder = head != 0
    settleClaims(upTo: head ?? 0, into: &actions)
    cursor = head
    oldest = (head ?? 0) + 1
    needsFirst = true
    stage = .wanted
  }
}

// MARK: - What comes in

extension ConversationTrack {
  /// A live message, or one that was sent without being asked for.
  /// - Parameter isUnsettled: a send of ours is on its way to this conversation, and may be this message.
  mutating func receive(
    _ post: Post, at sequence: Int, isUnsettled: Bool, into actions: inout [ClientSession.Action]
  ) {
    if cursor == nil, !needsFirst { startBefore(sequence) }
    if isForeign {
      beginAnotherPair(before: sequence, into: &actions)
    } else if let cursor, sequence <= cursor {
      guard isAnotherPair(id: post.id, isBacklog: post.isBacklog) else { return }
      beginAnotherPair(before: sequence, into: &actions)
    }
    lastID = max(lastID, post.id ?? 0)
    if !held.insert(post, at: sequence) { hasLost = true }
    tellWaiting(isUnsettled: isUnsettled, into: &actions)
  }

  /// The server has stored our own message.
  mutating func settle(
    _ id: SendID, at sequence: Int, messageID: Int?, time: Timestamp, isDuplicate: Bool, isUnsettled: Bool,
    into actions: inout [ClientSession.Action]
  ) {
    if cursor == nil, !needsFirst { startBefore(sequence) }
    let isPast = sequence <= cursor ?? 0
    if isForeign || (isPast && isAnotherPair(id: messageID, isBacklog: isDuplicate)) {
      beginAnotherPair(before: sequence, into: &actions)
    }
    lastID = max(lastID, messageID ?? 0)
    if let cursor, sequence <= cursor {
      confirm(Claim(id: id, time: time), at: sequence, into: &actions)
    } else if claims[sequence] != nil {
      // One place for two of them: whatever the server means by it, each has an end.
      actions.append(.tell(.sendConfirmed(id, sequence: sequence, time: time)))
    } else {
      claims[sequence] = Claim(id: id, time: time)
      if !held.insert(nil, at: sequence) { hasLost = true }
    }
    tellWaiting(isUnsettled: isUnsettled, into: &actions)
  }

  /// The server sends by itself what we have missed.
  mutating func pushed(_ page: HistoryPage, isUnsettled: Bool, into actions: inout [ClientSession.Action]) {
    pushUntil = nil
    if case .pushAwaited = stage, !needsFirst {
      begin(telling: page, reaching: nil, isUnsettled: isUnsettled, into: &actions)
    } else {
      for post in page.posts {
        guard let sequence = post.sequence else { continue }
        receive(post, at: sequence, isUnsettled: isUnsettled, into: &actions)
      }
    }
  }

  /// What the server sent by itself cannot be used.
  mutating func pushFailed() {
    if pushUntil != nil { hasLost = true }
    pushUntil = nil
    if case .pushAwaited = stage { stage = .wanted }
  }

  mutating func answered(
    _ request: HistoryRequest, _ page: HistoryPage, isUnsettled: Bool, into actions: inout [ClientSession.Action]
  ) {
    switch (request.purpose, stage) {
    case (.first, .asked(request.serial, _)) where needsFirst:
      tellFirst(page, into: &actions)
      tellWaiting(isUnsettled: isUnsettled, into: &actions)
    case (.missing, .asked(request.serial, let reaching)) where !needsFirst:
      begin(telling: page, reaching: reaching, isUnsettled: isUnsettled, into: &actions)
    case (.older, _) where older == .asked(request.serial) && olderBound == oldest:
      tellOlder(page, into: &actions)
    case (.older, _) where older == .asked(request.serial): tellAgain(page, into: &actions)
    default: break
    }
  }

  /// The server cannot answer, or does not.
  mutating func failed(
    _ request: HistoryRequest, at now: MonotonicTime, isUnsettled: Bool, into actions: inout [ClientSession.Action]
  ) {
    switch (request.purpose, stage) {
    case (.first, .asked(request.serial, _)) where needsFirst:
      giveUp(into: &actions)
      tellWaiting(isUnsettled: isUnsettled, into: &actions)
    case (.missing, .asked(request.serial, _)) where !needsFirst:
      failures += 1
      guard failures >= Self.attempts else {
        stage = .paused(until: now + Self.retryInterval)
        return
      }
      actions.append(.tell(.reset(target)))
      giveUp(into: &actions)
      tellWaiting(isUnsettled: isUnsettled, into: &actions)
    case (.older, _) where older == .asked(request.serial):
      older = .none
      actions.append(.tell(.older(target, [], hasMore: true)))
    default: break
    }
  }

  /// - Returns: how many bytes that gave back. They are fetched again later.
  mutating func dropHeld() -> Int {
    let bytes = held.bytes
    held.removeAll()
    hasLost = true
    if case .idle = stage { stage = .wanted }
    return bytes
  }

  mutating func timer(at now: MonotonicTime) {
    if let deadline, deadline <= now { stage = .wanted }
  }

  /// Two people are a conversation, and a name may come to mean somebody else: then the numbers begin anew, while the
  /// server's log goes on.
  private func isAnotherPair(id: Int?, isBacklog: Bool) -> Bool {
    guard case .person = target, !isBacklog, !needsFirst, lastID > 0, let id else { return false }
    return id > lastID
  }

  private mutating func beginAnotherPair(before sequence: Int, into actions: inout [ClientSession.Action]) {
    forget(for: epoch, into: &actions)
    begin(at: sequence - 1, into: &actions)
    if sequence == 1 { tellOlder(HistoryPage([], hasMore: false), into: &actions) }
  }
}

// MARK: - What is asked for

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

// MARK: - Telling

extension ConversationTrack {
  private mutating func begin(
    telling page: HistoryPage, reaching: Int?, isUnsettled: Bool, into actions: inout [ClientSession.Action]
  ) {
    let isProgress = (page.posts.last?.sequence ?? 0) > (cursor ?? 0)
    fetched += page.posts.count
    failures = 0
    if page.hasMore, isProgress, fetched > Self.missedLimit {
      return beginAnew(at: nil, into: &actions)
    }
    for post in page.posts { lastID = max(lastID, post.id ?? 0) }
    self.page = Deque(page.posts)
    stage = .telling(hasMore: page.hasMore && isProgress, reaching: reaching)
    tellWaiting(isUnsettled: isUnsettled, into: &actions)
  }

  /// Tells all whose turn it is.
  mutating func tellWaiting(isUnsettled: Bool, into actions: inout [ClientSession.Action]) {
    guard !needsFirst else { return }
    repeat {
      while let sequence = nextSequence {
        // Which of our sends it is, if any, the server's OK will say; it cannot be long.
        if isUnsettled, claims[sequence] == nil, !odd.contains(sequence), isOwnText(sequence) { return }
        tell(sequence, into: &actions)
      }
    } while finishPage(into: &actions)
    guard case .idle = stage, let cursor else { return }
    if let first = held.first?.sequence {
      guard first - cursor - 1 > Self.missedLimit else {
        stage = .wanted
        return
      }
      beginAnew(at: first - 1, into: &actions)
    } else if hasLost {
      stage = .wanted
    } else {
      fetched = 0
    }
  }

  /// Whose turn it is, where it has come. A page is all that there is up to its last message.
  private var nextSequence: Int? {
    let first = min(page.first?.sequence ?? .max, held.first?.sequence ?? .max)
    guard first < .max, let cursor else { return nil }
    return page.isEmpty && first > cursor + 1 ? nil : first
  }

  private func isOwnText(_ sequence: Int) -> Bool {
    let post = page.first?.sequence == sequence ? page.first : held.first?.post
    return post?.isOwn == true && post?.kind == .text
  }

  private mutating func tell(_ sequence: Int, into actions: inout [ClientSession.Action]) {
    var post: Post?
    if page.first?.sequence == sequence { post = page.popFirst() }
    if held.first?.sequence == sequence {
      let item = held.popFirst()
      post = post ?? item?.post
    }
    guard let cursor, sequence > cursor else { return }
    let claim = claims.removeValue(forKey: sequence)
    settleClaims(upTo: sequence, into: &actions)
    self.cursor = sequence
    guard odd.remove(sequence) == nil else { return }
    guard var post else {
      if let claim { actions.append(.tell(.sendConfirmed(claim.id, sequence: sequence, time: claim.time))) }
      return
    }
    post.answersSend = claim?.id
    actions.append(.tell(.message(post)))
    if post.kind == .topic, case .room(let room) = target { actions.append(.tell(.topic(room, post.text))) }
  }

  /// - Returns: whether there may be more to tell now.
  private mutating func finishPage(into actions: inout [ClientSession.Action]) -> Bool {
    guard case .telling(let hasMore, let reaching) = stage, page.isEmpty, let cursor else { return false }
    stage = hasMore ? .wanted : .idle
    guard !hasMore, let reaching, let first = held.first?.sequence, first > cursor + 1, first <= reaching else {
      return false
    }
    // The server has what is held, and nothing before it.
    settleClaims(upTo: first - 1, into: &actions)
    self.cursor = first - 1
    return true
  }

  private mutating func tellFirst(_ page: HistoryPage, into actions: inout [ClientSession.Action]) {
    let head = cursor ?? page.posts.last?.sequence ?? max((held.first?.sequence ?? 1) - 1, 0)
    if cursor == nil {
      cursor = head
      settleClaims(upTo: head, into: &actions)
    }
    while let first = held.first, first.sequence <= head { held.popFirst() }
    oldest = head + 1
    if !isSynced {
      isSynced = true
      actions.append(.tell(.synced(target, epoch, head: head, mark: nil)))
    }
    tellOlder(page, into: &actions)
  }

  private mutating func tellOlder(_ page: HistoryPage, into actions: inout [ClientSession.Action]) {
    if needsFirst {
      needsFirst = false
      stage = pushUntil == nil ? .idle : afterFirst
    }
    older = .none
    let posts = page.posts.filter { ($0.sequence ?? .max) < oldest }
    for post in posts { lastID = max(lastID, post.id ?? 0) }
    oldest = posts.first?.sequence ?? oldest
    hasOlder = page.hasMore && !posts.isEmpty && oldest > 1
    let untold = posts.filter { odd.remove($0.sequence ?? 0) == nil }
    actions.append(.tell(.older(target, untold, hasMore: hasOlder)))
  }

  /// The screen shows more, or less, than was told: what it asks for may be known.
  private mutating func tellAgain(_ page: HistoryPage, into actions: inout [ClientSession.Action]) {
    older = .none
    let posts = page.posts.filter { ($0.sequence ?? .max) < olderBound }
    let hasMore = page.hasMore && (posts.first?.sequence ?? 1) > 1
    actions.append(.tell(.older(target, posts, hasMore: hasMore)))
  }

  /// The server does not say what is missing: go on without it.
  private mutating func giveUp(into actions: inout [ClientSession.Action]) {
    needsFirst = false
    stage = .idle
    older = .none
    hasOlder = true
    failures = 0
    if let first = held.first?.sequence {
      settleClaims(upTo: first - 1, into: &actions)
      cursor = max(cursor ?? 0, first - 1)
    }
    if let cursor { oldest = cursor + 1 }
    actions.append(.tell(.older(target, [], hasMore: true)))
  }

  private mutating func startBefore(_ sequence: Int) {
    cursor = sequence - 1
    oldest = sequence
  }

  /// Ends the sends whose place was passed over, or will be told as a part of a page.
  mutating func settleClaims(upTo last: Int = .max, into actions: inout [ClientSession.Action]) {
    guard !claims.isEmpty else { return }
    for (sequence, claim) in claims.sorted(by: { $0.key < $1.key }) where sequence <= last {
      claims[sequence] = nil
      confirm(claim, at: sequence, into: &actions)
    }
  }

  private mutating func confirm(_ claim: Claim, at sequence: Int, into actions: inout [ClientSession.Action]) {
    actions.append(.tell(.sendConfirmed(claim.id, sequence: sequence, time: claim.time)))
    let wasTold = !needsFirst && sequence >= oldest && sequence <= (cursor ?? 0)
    if !wasTold, odd.count < Self.oddLimit { odd.insert(sequence) }
  }
}
