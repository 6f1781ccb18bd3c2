import ChatProtocol

/// `LOGIN` or `RESUME` was sent.
struct Login: Sendable {
  private static let patience = Duration.seconds(15)
  /// How long a server may take to say `OK` after it said something else. Some never do.
  private static let patienceAfterGreeting = Duration.seconds(3)

  enum Request: Sendable {
    /// On one more connection. With a token it is the same person.
    case login(token: String?)
    /// In place of the connection that was lost.
    case resume(token: String, [Cursor])
  }

  /// What goes with it, to be let in.
  struct Credentials: Sendable {
    var proof: Proof?
    var invitation: String?
  }

  enum Answer: Sendable {
    case none
    case accepted(Tags)
    case refused(ErrorReply)
    case disconnectReason(DisconnectReason)
  }

  let name: Nickname
  let request: Request
  var link: Link
  private let label: String?
  let sentAt: MonotonicTime
  /// Something came that was no answer.
  private(set) var wasGreeted = false
  /// An error that answers `CAP`, unless nothing else comes: then it answers `LOGIN`.
  private(set) var earlierError: ErrorReply?
  private var earlierErrorAt: MonotonicTime?

  init(
    name: Nickname, _ request: Request, _ credentials: Credentials, link: Link, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) {
    self.name = name
    self.request = request
    self.link = link
    sentAt = now
    var tags = Tags()
    // Without tags there are no words for them.
    if link.isTagged {
      tags.publicKey = credentials.proof?.key
      tags.proof = credentials.proof?.signature
    }
    switch request {
    case .login(let token):
      tags.token = token
      if link.isTagged { tags.invitation = credentials.invitation }
      label = self.link.transmit(.login(name), tags, into: &actions)
    case .resume(let token, let cursors):
      label = self.link.transmit(.resume(token: token, cursors), tags, into: &actions)
    }
  }

  var deadline: MonotonicTime {
    if let earlierErrorAt {
      // The two answers are as far apart as the two requests were.
      let distance = link.askedAt.map { sentAt - $0 } ?? .zero
      return earlierErrorAt + distance + Self.patienceAfterGreeting
    }
    return sentAt + (wasGreeted && !link.isTagged ? Self.patienceAfterGreeting : Self.patience)
  }

  var isResuming: Bool { if case .resume = request { true } else { false } }

  /// Whether the server can tell who we are: then a name that is taken is somebody else's.
  var bearsToken: Bool {
    switch request {
    case .login(let token): token != nil
    case .resume: true
    }
  }

  /// Where the server was told how far we have got.
  var resumed: [Cursor] { if case .resume(_, let cursors) = request { cursors } else { [] } }

  /// As many cursors as one line has room for.
  static func fitting(_ cursors: [Cursor], token: String) -> [Cursor] {
    var left = LineLimits().line - Verb.resume.rawValue.utf8.count - 1 - token.utf8.count
    return Array(
      cursors.prefix { cursor in
        left -= cursor.target.text.utf8.count + cursor.epoch.text.utf8.count + String(cursor.sequence).utf8.count + 3
        return left >= 0
      })
  }

  mutating func read(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Answer {
    if case .success(let line) = line {
      switch ServerMessage(reading: line, in: link.dialect) {
      case .ok where label == nil || line.tags.label == label || line.tags.label == nil: return .accepted(line.tags)
      case .error(let reply):
        link.isUnderstood = true
        if link.negotiation == .unanswered, DisconnectReason(reply, isTagged: link.isTagged) == nil {
          // It answers CAP, so late that LOGIN was sent already: a server answers in order, in words of its own.
          link.negotiation = .refused
          earlierError = reply
          earlierErrorAt = moment.now
          return .none
        }
        guard label == nil || line.tags.label == label || reply.verb == .login || reply.verb == .resume else { break }
        return .refused(reply)
      case .capabilities(.acknowledged, let names):
        if link.negotiation == .unanswered { _ = link.agree(on: names, into: &actions) }
        return .none
      default: break
      }
    }
    if case .success(let line) = line, !link.greeting.contains(DisplayText.sanitize(line.text)) { wasGreeted = true }
    return link.readBesides(line, at: moment, into: &actions).map { .disconnectReason($0) } ?? .none
  }

  /// Reads what comes while another name is being chosen. A server that accepts the name after all has let us in: the
  /// error was about something else.
  mutating func readAfterRefusal(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Answer {
    if case .success(let line) = line, !link.isTagged, case .ok = ServerMessage(reading: line, in: link.dialect) {
      return .accepted(line.tags)
    }
    return link.readBesides(line, at: moment, into: &actions).map { .disconnectReason($0) } ?? .none
  }
}
