import ChatProtocol

/// A pending `LOGIN` or `RESUME`.
struct PendingLogin: Sendable {
  private static let patience = Duration.seconds(15)
  /// Time limit for `OK` after the server has sent another line. Some servers never send `OK`.
  private static let patienceAfterGreeting = Duration.seconds(3)

  enum LoginRequest: Sendable {
    /// A new connection; with a token, of the same person.
    case login(token: String?)
    /// Replaces the lost connection.
    case resume(token: String, [Cursor])
  }

  /// Credentials sent with the login.
  struct Credentials: Sendable {
    var proof: Proof?
    var invitation: String?
  }

  enum LoginAnswer: Sendable {
    case none
    case accepted(Tags)
    case refused(ErrorReply)
    case disconnectReason(DisconnectReason)
  }

  let name: Nickname
  let request: LoginRequest
  var link: Link
  private let label: String?
  private let wasTagged: Bool
  private let hadChallenge: Bool
  let sentAt: MonotonicTime
  /// Whether a line arrived that was not an answer.
  private(set) var wasGreeted = false
  /// An error taken as the answer to `CAP`. If no other line follows, it answers `LOGIN`.
  private(set) var earlierError: ErrorReply?
  private var earlierErrorAt: MonotonicTime?

  init(
    name: Nickname, _ request: LoginRequest, _ credentials: Credentials, link: Link, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) {
    self.name = name
    self.request = request
    self.link = link
    wasTagged = link.isTagged
    hadChallenge = link.challenge != nil
    sentAt = now
    var tags = Tags()
    // Without tags there is no way to send credentials.
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

  /// Whether the server has agreed on tags, or sent the challenge, since the login was sent: another one can show who
  /// the user is.
  var isOutdated: Bool { link.isTagged && !wasTagged || link.challenge != nil && !hadChallenge }

  var isResuming: Bool { if case .resume = request { true } else { false } }

  /// Whether the server can identify this client: a taken name then belongs to another user.
  var bearsToken: Bool {
    switch request {
    case .login(let token): token != nil
    case .resume: true
    }
  }

  /// The cursors sent to the server.
  var resumed: [Cursor] { if case .resume(_, let cursors) = request { cursors } else { [] } }

  /// As many cursors as fit on one line.
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
  ) -> LoginAnswer {
    if case .success(let line) = line {
      switch ServerMessage(reading: line, in: link.capabilities) {
      case .ok where label == nil || line.tags.label == label || line.tags.label == nil: return .accepted(line.tags)
      case .error(let reply):
        link.isUnderstood = true
        if link.negotiation == .unanswered, DisconnectReason(reply, isTagged: link.isTagged) == nil {
          // A late answer to CAP, after LOGIN was sent: a server answers in order, in its own words.
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
    return link.readBesides(line, to: name, at: moment, into: &actions).map { .disconnectReason($0) } ?? .none
  }

  /// Reads lines that arrive while the user chooses another name. If the server accepts the name after all, the login
  /// succeeded: the error concerned something else.
  mutating func readAfterRefusal(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> LoginAnswer {
    if case .success(let line) = line, !link.isTagged, case .ok = ServerMessage(reading: line, in: link.capabilities) {
      return .accepted(line.tags)
    }
    return link.readBesides(line, to: name, at: moment, into: &actions).map { .disconnectReason($0) } ?? .none
  }
}
