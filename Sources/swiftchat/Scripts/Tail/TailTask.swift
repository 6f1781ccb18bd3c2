import ChatModel
import ChatProtocol

/// Prints the messages of some conversations in the order in which the server stored them, up to now or forever.
struct TailTask: ScriptTask {
  struct Settings {
    var targets: [Target]
    /// All direct conversations, too.
    var includesDirect = false
    var follows = false
    var start = TailStart.last(10)
    /// The start of conversations that began after the first run.
    var newStart: TailStart?
    var positions: [TailPosition] = []
    /// Time of the first run: of this one, unless an earlier one has stored positions.
    var firstRun: Timestamp
    var format: TailFormat
    /// Whether messages must be numbered: for `--since` and `--state`.
    var needsLog = false
  }

  private static let mostRequests = 8
  private static let retryInterval = Duration.seconds(1)

  private let settings: Settings
  var link: ScriptLink
  private var rooms: RoomCheck
  private var tracks: [TailTrack] = []
  private var indices: [Target: Int] = [:]
  /// The requests on the wire, by number.
  private var requests: [Int: Target] = [:]
  private var lastRequest = 0
  /// The time at which failed requests are repeated.
  private var retryAt: MonotonicTime?
  private var hasBeenOnline = false

  let interests = ScriptInterests.messages

  init(_ settings: Settings, link: ScriptLink) {
    self.settings = settings
    self.link = link
    rooms = RoomCheck(settings.targets)
    for target in settings.targets { follow(target, isNamed: true) }
    guard settings.includesDirect else { return }
    for case .person(let name) in settings.positions.map(\.target) { follow(.person(name), isNamed: false) }
  }

  private mutating func follow(_ target: Target, isNamed: Bool) {
    guard indices[target] == nil else { return }
    indices[target] = tracks.count
    let position = settings.positions.first { $0.target == target }
    let start = hasBeenOnline ? settings.newStart ?? settings.start : settings.start
    tracks.append(
      TailTrack(
        target, isNamed: isNamed, follows: settings.follows, start: start, firstRun: settings.firstRun,
        position: position))
  }

  var deadline: MonotonicTime? { [link.deadline, retryAt].compactMap { $0 }.min() }

  mutating func timer(at time: ScriptTime) -> [ScriptAction] {
    if link.isOver(at: time) { return [.end(ScriptEnd(.noConnection, link.silence))] }
    if let retryAt, retryAt <= time.now { self.retryAt = nil }
    return advance(at: time)
  }

  mutating func handle(_ event: ClientEvent, at time: ScriptTime) -> [ScriptAction] {
    if let end = link.note(event, at: time) { return [.end(end)] }
    // After the first login, following has no time limit.
    if settings.follows, hasBeenOnline { link.stopWaiting() }
    let actions: [ScriptAction]
    switch event {
    case .online: actions = begin(at: time)
    case .offline:
      for index in tracks.indices { tracks[index].close() }
      requests = [:]
      return []
    case .rooms, .roomsFailed, .roomsUnanswered:
      actions = rooms.hear(event)
    case .joinFailed(let room, let reason) where indices[.room(room)] != nil:
      return [.end(ScriptEnd(.refused, "\(room): \(reason.lowercasedSentence)"))]
    case .roomLeft(let room, let reason) where indices[.room(room)] != nil:
      return [.end(ScriptEnd(.refused, "\(room): \(reason?.lowercasedSentence ?? "no longer in the room")"))]
    case .continued(let target, let epoch):
      change(target) { $0.proceed(in: epoch) }
      actions = []
    case .synced(let target, let epoch, let head, _): actions = open(target, epoch, head: head)
    case .message(let message): actions = hear(message)
    case .reset(let target):
      // The session's own page may fail, and is then not repeated.
      if settings.follows { change(target) { $0.probe() } }
      actions = []
    // Too many messages were missed to be reported one by one: the page shows how far the conversation reaches.
    case .older(let target, let page, _):
      if settings.follows, let last = page.last { change(target) { $0.hear(last) } }
      actions = []
    case .history(let number, let page, let hasMore):
      guard let target = requests.removeValue(forKey: number) else { return [] }
      var isProgress = false
      change(target) { isProgress = $0.answered(page, hasMore: hasMore) }
      // Answers without progress could keep the command going forever.
      if !settings.follows, isProgress { link.wait(at: time) }
      actions = []
    case .historyFailed(let number, let reason):
      guard let target = requests.removeValue(forKey: number) else { return [] }
      guard case .person = target, reason == ErrorCode.userNotFound.explanation else {
        change(target) { $0.failed() }
        retryAt = time.now + Self.retryInterval
        return []
      }
      var goesOn = false
      if settings.follows { change(target) { goesOn = $0.awaitReturn() } }
      guard goesOn else { return [.end(ScriptEnd(.nobody, "\(target): \(reason.lowercasedSentence)"))] }
      actions = []
    default: return []
    }
    return actions + advance(at: time)
  }

  private mutating func change(_ target: Target, _ body: (inout TailTrack) -> Void) {
    if let index = indices[target] { body(&tracks[index]) }
  }

  // MARK: Events

  private mutating func begin(at time: ScriptTime) -> [ScriptAction] {
    defer { hasBeenOnline = true }
    if settings.follows { link.stopWaiting() }
    guard link.capabilities.isSuperset(of: [.tags, .history]) else {
      guard settings.follows, !settings.needsLog else {
        return [
          .end(
            ScriptEnd(
              .refused,
              "\(link.endpoint.summary) keeps no messages: use --follow without --since and --state, to print those that arrive"
            ))
        ]
      }
      if let room = rooms.others.first {
        return [.end(ScriptEnd(.refused, "\(link.endpoint.summary) has no room \(room)"))]
      }
      return []
    }
    for index in tracks.indices { tracks[index].connect() }
    return rooms.begin()
  }

  private mutating func open(_ target: Target, _ epoch: Epoch, head: Int) -> [ScriptAction] {
    if indices[target] == nil {
      guard settings.includesDirect, case .person = target else { return [] }
      follow(target, isNamed: false)
    }
    guard let index = indices[target] else { return [] }
    switch tracks[index].open(epoch, head: head) {
    case .known, .first: return []
    case .replaced:
      requests = requests.filter { $0.value != target }
      return [.note("\(target): the server has other messages than before; those that are newer by their time follow")]
    case .lost:
      let reason = "\(target): the server has other messages than at the start; repeat the command"
      return [.end(ScriptEnd(.noConnection, reason))]
    }
  }

  private mutating func hear(_ message: ChatMessage) -> [ScriptAction] {
    if message.sequence == nil || !link.capabilities.contains(.history) {
      guard indices[message.target] != nil || settings.includesDirect && message.target.isPerson else { return [] }
      return printed(message, nil)
    }
    // Without --follow, everything up to the head at the start is printed.
    if settings.follows { change(message.target) { $0.hear(message) } }
    return []
  }

  // MARK: Steps

  /// Prints the messages that are next, and requests missing ones.
  private mutating func advance(at time: ScriptTime) -> [ScriptAction] {
    var actions: [ScriptAction] = []
    for index in tracks.indices {
      if let start = tracks[index].takeStart() { actions.append(.reached(start)) }
    }
    actions += printNext()
    actions += request()
    guard !settings.follows, tracks.allSatisfy({ $0.isComplete && $0.next == nil }) else { return actions }
    return actions + [.end(.success)]
  }

  private mutating func printNext() -> [ScriptAction] {
    var actions: [ScriptAction] = []
    while !tracks.contains(where: \.isBlocking) {
      let waiting = tracks.indices.filter { tracks[$0].next != nil }
      guard let index = waiting.min(by: { order(tracks[$0].next) < order(tracks[$1].next) }),
        let message = tracks[index].takeNext()
      else { break }
      actions += printed(message, tracks[index].position(after: message))
    }
    return actions
  }

  /// Ids increase over all conversations of the server.
  private func order(_ message: ChatMessage?) -> (Int, Timestamp) {
    (message?.id ?? .max, message?.time ?? Timestamp(milliseconds: 0))
  }

  private func printed(_ message: ChatMessage, _ position: TailPosition?) -> [ScriptAction] {
    guard let text = try? settings.format.line(of: message) else { return [] }
    return [.print(ScriptLine(text: text, position: position))]
  }

  private mutating func request() -> [ScriptAction] {
    guard retryAt == nil else { return [] }
    var actions: [ScriptAction] = []
    for index in tracks.indices where requests.count < Self.mostRequests {
      guard let (range, limit) = tracks[index].wanted else { continue }
      tracks[index].asked()
      lastRequest += 1
      requests[lastRequest] = tracks[index].target
      actions.append(.command(.readHistory(lastRequest, tracks[index].target, range, limit: limit)))
    }
    return actions
  }
}

extension Target {
  var isPerson: Bool { if case .person = self { true } else { false } }
}
