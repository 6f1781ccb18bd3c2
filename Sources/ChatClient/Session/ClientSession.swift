import ChatModel
import ChatProtocol

/// The client's side of a conversation: connects, logs in, reconnects, and gets every message either confirmed or
/// refused.
///
///     idle → connecting → negotiating → loggingIn → online → leaving → ended
///                ↑             │            │ ↑        │
///             waiting ←────────┴────────────┼─┼────────┘
///                                           ↓ │
///                               choosingName, reclaiming
///
/// A value without sockets, clock or randomness: inputs go to `handle`, which returns the actions to carry out. The
/// owner calls `handle(.timer)` at `nextDeadline`. The same inputs and seed give the same actions.
///
/// No input from a server can make it trap or grow without bound.
public struct ClientSession: Sendable {
  public enum Input: Sendable {
    /// The connection that `Action.open` requested is established.
    /// - Parameters:
    ///   - pin: the pin that the server has proved; nil for an unencrypted connection.
    ///   - arrival: nil if the server has only one address, or if it does not matter.
    case opened(Pin?, Arrival? = nil)
    /// The connection could not be established at any address.
    /// - Parameter earlier: the failures before the last one, oldest first.
    case failed(ConnectionFailure, earlier: [ConnectionFailure] = [])
    case received(Result<Line, LineFault>)
    /// The server closed the connection, or the connection broke.
    /// - Parameter reason: for display, if there is more to say.
    case closed(reason: String?)
    case command(ClientCommand)
    case timer
    /// Like `timer`, while lines from the server may be unread: deadlines for answers are checked later.
    case timerBeforeReading
  }

  public enum Action: Hashable, Sendable {
    /// Answered by `opened` or `failed`, in bounded time. Nothing is sent before.
    case open(ConnectionPlan, Security)
    case transmit(ClientMessage, Tags)
    /// Flushes the transmitted lines and drops the connection or the attempt; no further input from it is reported.
    case close
    /// The server uses these capabilities from the next line on.
    case agreed(Capabilities)
    case tell(ClientEvent)
    /// The last action of the session.
    case ended
  }

  enum State: Sendable {
    case idle
    /// A connection was asked for.
    case connecting
    /// `CAP REQ` was sent.
    case negotiating(Link, until: MonotonicTime)
    case loggingIn(PendingLogin)
    /// The server refused the name, and the user chooses another. Nil: the connection ended in the meantime.
    case choosingName(PendingLogin?)
    /// The name is still held by this client's lost connection: the login is retried at this time.
    case reclaiming(Link, until: MonotonicTime)
    case online(Online)
    /// `QUIT` was sent: answers are still processed until the server closes the connection.
    case leaving(Leaving)
    /// Between two attempts. The distant future means: until the user asks for an attempt.
    case waiting(until: MonotonicTime)
    case ended
  }

  struct Leaving: Sendable {
    var online: Online?
    /// State of the former server, when switching to another one; nil when reconnecting or ending.
    var former: ServerState?
    var until: MonotonicTime
    /// The next endpoint; nil to end.
    var next: Endpoint?
  }

  /// Time that the server has to close the connection after `QUIT`.
  private static let patienceAfterQuit = Duration.milliseconds(500)

  /// The user's present or requested name.
  public private(set) var name: Nickname

  var state = State.idle
  var endpoint: Endpoint?
  var serverState: ServerState
  var backoff = Backoff()
  var rotation = HostRotation()
  var random: SplitMix64
  /// The key that proves the user's identity to servers.
  let identity: Identity?
  let interests: ClientInterests
  var memories: [Endpoint: EndpointMemory] = [:]
  /// The name of the last login, while the user wants another name that the server has not accepted yet.
  var formerName: Nickname?
  /// The name that a lost connection of this client held, or may have held, at the present endpoint.
  var heldName: Nickname?
  /// End of the retries for the held name.
  var reclaimsUntil: MonotonicTime?
  /// Actions of the present call of `handle`.
  var actions: [Action] = []

  /// - Parameters:
  ///   - seed: seed of the random delays between attempts, and of the random order of hosts.
  ///   - identity: nil to use names without owning them.
  public init(
    name: Nickname, seed: UInt64, identity: Identity? = nil, interests: ClientInterests = ClientInterests()
  ) {
    self.name = name
    self.identity = identity
    self.interests = interests
    serverState = ServerState(interests)
    random = SplitMix64(seed: seed)
  }

  /// - Parameters:
  ///   - now: never earlier than in the previous call.
  ///   - wall: wall-clock time, for messages of servers that do not send a time.
  /// - Returns: actions, in the order in which to carry them out.
  public mutating func handle(_ input: Input, at now: MonotonicTime, wall: Timestamp) -> [Action] {
    if case .ended = state, case .command(.say(let id, _, _)) = input {
      return [.tell(.sendFailed(id, reason: "There is no connection.", failure: .notStored))]
    }
    let moment = Moment(now: now, wall: wall)
    switch input {
    case .opened(let pin, let arrival): opened(pin, arrival, at: moment)
    case .failed(let failure, let earlier): failed(failure, after: earlier, at: moment)
    case .received(let line): received(line, at: moment)
    case .closed(let reason): closed(reason: reason, at: moment)
    case .command(let command): obey(command, at: moment)
    case .timer: timer(at: moment)
    case .timerBeforeReading: if case .online = state {} else { timer(at: moment) }
    }
    pump(at: moment)
    defer { actions = [] }
    return actions
  }

  /// Time of the next `handle(.timer)`; nil if no deadline is pending.
  public var nextDeadline: MonotonicTime? {
    let deadline: MonotonicTime
    switch state {
    case .idle, .connecting, .choosingName, .ended: return nil
    case .negotiating(_, let until), .reclaiming(_, let until), .waiting(let until): deadline = until
    case .loggingIn(let login): deadline = login.deadline
    case .online(let online): deadline = online.deadline(serverState)
    case .leaving(let leaving): deadline = leaving.until
    }
    return deadline == .distantFuture ? nil : deadline
  }

  // MARK: Inputs

  private mutating func received(_ line: Result<Line, LineFault>, at moment: Moment) {
    if var online = takeOnline() {
      let disconnectReason = online.receive(line, &serverState, at: moment, into: &actions)
      state = .online(online)
      if let disconnectReason { lost(disconnectReason, at: moment) } else { checkLogin(at: moment) }
      return
    }
    switch state {
    case .negotiating(var link, let until):
      let answer = link.readNegotiation(line, to: name, at: moment, into: &actions)
      state = .negotiating(link, until: until)
      negotiated(answer, at: moment)
    case .loggingIn(var login):
      let answer = login.read(line, at: moment, into: &actions)
      state = .loggingIn(login)
      answeredLogin(answer, at: moment)
    case .choosingName(.some(var login)):
      let answer = login.readAfterRefusal(line, at: moment, into: &actions)
      state = .choosingName(login)
      switch answer {
      case .accepted(let tags): goOnline(login, tags, at: moment)
      case .disconnectReason: lost(reason: nil, at: moment, closes: true)
      case .none, .refused: break
      }
    case .reclaiming(var link, let until):
      let disconnectReason = link.readBesides(line, to: name, at: moment, into: &actions)
      state = .reclaiming(link, until: until)
      if let disconnectReason { lost(disconnectReason, at: moment) }
    case .leaving(var leaving):
      state = .idle
      if var former = leaving.former {
        _ = leaving.online?.receive(line, &former, at: moment, into: &actions)
        leaving.former = former
      } else {
        _ = leaving.online?.receive(line, &serverState, at: moment, into: &actions)
      }
      state = .leaving(leaving)
    case .idle, .connecting, .choosingName(nil), .online, .waiting, .ended: break
    }
  }

  private mutating func timer(at moment: Moment) {
    if var online = takeOnline() {
      let disconnectReason = online.timer(&serverState, at: moment, into: &actions)
      state = .online(online)
      if let disconnectReason { lost(disconnectReason, at: moment) }
      return
    }
    switch state {
    case .negotiating(let link, let until) where until <= moment.now:
      negotiationTimer(link, at: moment)
    case .loggingIn(let login) where login.deadline <= moment.now:
      loginTimer(login, at: moment)
    case .reclaiming(let link, let until) where until <= moment.now:
      logIn(on: link, at: moment)
    case .waiting(let until) where until <= moment.now:
      open()
    case .leaving(let leaving) where leaving.until <= moment.now:
      actions.append(.close)
      left(leaving, at: moment)
    default: break
    }
  }

  private mutating func pump(at moment: Moment) {
    guard var online = takeOnline() else { return }
    online.pump(&serverState, at: moment, into: &actions)
    state = .online(online)
  }

  /// Takes the conversation out of `state`, so that it has a single owner and is not copied on mutation. The caller
  /// must put the conversation back.
  mutating func takeOnline() -> Online? {
    guard case .online(let online) = state else { return nil }
    state = .idle
    return online
  }

  // MARK: Shared helpers

  mutating func tell(_ event: ClientEvent) { actions.append(.tell(event)) }

  mutating func rename(to name: Nickname) {
    self.name = name
    heldName = nil
    reclaimsUntil = nil
  }

  /// Memory of the present endpoint.
  var memory: EndpointMemory {
    get { endpoint.flatMap { memories[$0] } ?? EndpointMemory() }
    set { if let endpoint { memories[endpoint] = newValue } }
  }

  /// Sends QUIT on an open connection.
  /// - Parameters:
  ///   - former: the state of the former server, when switching to another one.
  ///   - next: the next endpoint; nil to end.
  mutating func leave(
    _ link: Link, online: Online? = nil, former: ServerState? = nil, next: Endpoint?, at moment: Moment
  ) {
    var link = link
    var former = former
    var online = online
    online?.isLeaving = true
    if online != nil, link.capabilities.contains(.marks) {
      var marks = former?.marks ?? serverState.marks
      for (target, sequence) in marks.takeAll() { link.transmit(.mark(target, sequence), into: &actions) }
      if former == nil { serverState.marks = marks } else { former?.marks = marks }
    }
    link.transmit(.quit, into: &actions)
    let until = moment.now + Self.patienceAfterQuit
    state = .leaving(Leaving(online: online, former: former, until: until, next: next))
  }

  /// The connection has closed after `QUIT`, or the time for that is over.
  mutating func left(_ leaving: Leaving, at moment: Moment) {
    if var online = leaving.online {
      if var former = leaving.former {
        online.tellAllHeld(&former, at: moment, into: &actions)
      } else {
        online.tellAllHeld(&serverState, at: moment, into: &actions)
      }
      if var former = leaving.former {
        for event in online.sends.removeAll(reason: Self.unconfirmed) { tell(event) }
        former.end(into: &actions)
      } else if leaving.next == nil {
        for event in online.sends.removeAll(reason: Self.unconfirmed) { tell(event) }
      } else {
        abandon(&online)
      }
    }
    guard leaving.next != nil else { return end() }
    open()
  }

  mutating func end() {
    serverState.end(into: &actions)
    state = .ended
    actions.append(.ended)
  }

  static let unconfirmed = "The connection broke before the server confirmed it."
  static let unanswered = "The connection broke before the server answered."
  static let unsent = "It was not sent before you left."
  static let onlyOneRoom = "This server has only one room."
  static let onlyOneLine = "This server takes only one line per message."
}
