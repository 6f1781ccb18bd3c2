import ChatModel
import ChatProtocol

/// Time of an input: `now` for timeouts, `wall` for display.
struct Moment: Sendable {
  var now: MonotonicTime
  var wall: Timestamp
}

/// State of one connection, before and after login.
struct Link: Sendable {
  enum Negotiation: Sendable { case notAsked, unanswered, refused, agreed }

  /// The last request about capabilities.
  enum CapabilityRequest: Sendable { case all, list, some }

  var capabilities: Capabilities = []
  var negotiation = Negotiation.notAsked
  private(set) var capabilityRequest = CapabilityRequest.all
  /// The server's pin; nil without encryption.
  let pin: Pin?
  /// The challenge that a login signs. The first one that the server sends; a connection has one.
  var challenge: LoginChallenge?
  /// Capabilities to request.
  private let wanted: Capabilities
  /// Number of lines sent.
  private(set) var lines: UInt64 = 0
  private var labels: UInt64 = 0
  private var notices: NoticeBudget
  /// The server's lines before login.
  private(set) var greeting: [String] = []
  private static let mostGreeting = 50
  /// The server has answered like a chat server.
  var isUnderstood = false

  /// - Parameters:
  ///   - provesIdentity: whether there is a key to log in with.
  ///   - capabilities: those to request; `keys` only if they can be used.
  init(pin: Pin?, provesIdentity: Bool, wanting capabilities: Capabilities, at now: MonotonicTime) {
    self.pin = pin
    wanted = pin != nil && provesIdentity ? capabilities : capabilities.subtracting(.keys)
    notices = NoticeBudget(at: now)
  }

  /// Time of the `CAP` request.
  private(set) var askedAt: MonotonicTime?

  /// The server supports key login and has not sent the challenge yet.
  var awaitsChallenge: Bool { capabilities.contains(.keys) && challenge == nil }

  var isTagged: Bool { capabilities.contains(.tags) }
  var hasPresence: Bool { capabilities.contains(.presence) }

  /// - Returns: the label that the answer will carry; nil without tags.
  @discardableResult
  mutating func transmit(
    _ message: ClientMessage, _ tags: Tags = Tags(), into actions: inout [ClientSession.Action]
  ) -> String? {
    lines += 1
    var tags = tags
    if isTagged {
      labels += 1
      tags.label = String(labels)
    }
    actions.append(.transmit(message, tags))
    return tags.label
  }

  /// Asks for capabilities beyond the plain dialect.
  mutating func askCapabilities(at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    negotiation = .unanswered
    askedAt = now
    transmit(.requestCapabilities(wanted.names), into: &actions)
  }

  /// The server knows `CAP` but refused the requested set.
  /// - Parameter listed: the capabilities that it listed; nil if unknown.
  /// - Returns: whether a further request was sent.
  mutating func askAgain(listed: [String]?, into actions: inout [ClientSession.Action]) -> Bool {
    switch capabilityRequest {
    case .all:
      capabilityRequest = .list
      transmit(.listCapabilities, into: &actions)
    case .list:
      capabilityRequest = .some
      let known = listed.map { Capabilities($0.prefix(64).compactMap { Capabilities(named: $0) }) }
      let some = (known ?? [.tags, .presence]).intersection(wanted).coherent
      guard !some.isEmpty else { return false }
      transmit(.requestCapabilities(some.names), into: &actions)
    case .some: return false
    }
    return true
  }

  /// The server has switched to these capabilities.
  /// - Returns: whether any of them was requested.
  mutating func agree(on names: [String], into actions: inout [ClientSession.Action]) -> Bool {
    let agreed = Capabilities(names.prefix(64).compactMap { Capabilities(named: $0) })
      .intersection(wanted).coherent
    negotiation = agreed.isEmpty ? .refused : .agreed
    guard !agreed.isEmpty else { return false }
    capabilities = agreed
    actions.append(.agreed(agreed))
    return true
  }

  // MARK: Server text

  /// Reports the server's text as a notice, by `tell(line:)`; ignores blank text.
  mutating func tell(words: String, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    let text = DisplayText.sanitize(words)
    guard text.contains(where: { $0 != " " }) else { return }
    tell(line: .notice(text), at: now, into: &actions)
  }

  /// Reports an event that becomes a line on the screen and that the server can cause at any time. Lines beyond the
  /// budget are counted, and their number is reported as soon as there is room again. The text must be sanitized.
  mutating func tell(line event: ClientEvent, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    guard notices.spend(at: now) else { return notices.miss(1) }
    tellMissing(into: &actions)
    actions.append(.tell(event))
  }

  /// Counts lines that there was no room for.
  mutating func miss(_ count: Int) { notices.miss(count) }

  /// Time of the next `tellMissing`; the distant future if nothing is missing.
  var noticesDue: MonotonicTime { notices.due }

  mutating func tellMissing(into actions: inout [ClientSession.Action]) {
    guard let count = notices.takeMissing() else { return }
    actions.append(.tell(.notice("\(count) \(count == 1 ? "line" : "lines") of the server not shown")))
  }

  /// Keeps text that the server sends before login. A server that never accepts a login is not a chat server, and its
  /// text is not shown.
  mutating func greet(words: String) {
    let text = DisplayText.sanitize(words)
    guard text.contains(where: { $0 != " " }) else { return }
    if greeting.count < Self.mostGreeting { greeting.append(text) } else { notices.miss(1) }
  }

  mutating func tellGreeting(at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    for text in greeting { tell(words: text, at: now, into: &actions) }
    greeting = []
  }
}

extension Capabilities {
  /// The capabilities that can be agreed on together.
  var coherent: Capabilities { isCoherent ? self : intersection(.presence) }
}

extension ErrorReply {
  /// The error as text for display.
  /// - Parameter isTagged: whether the text is a sentence. From a server without tags the text may be anything, such as
  ///   the name that the error concerns.
  func words(isTagged: Bool) -> String {
    guard let knownCode else { return DisplayText.sanitize("The server says: \(code) \(text)".trimmed) }
    let text = DisplayText.sanitize(text).trimmed
    guard !text.isEmpty else { return knownCode.explanation }
    let isSentence = isTagged || text.last == "." || text.split(separator: " ").count > 2
    return isSentence ? text : "\(knownCode.explanation) (\(text))"
  }
}

extension String {
  /// A sentence without its full stop, for use as a reason within another sentence.
  var asReason: String { last == "." ? String(dropLast()) : self }

  fileprivate var trimmed: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
