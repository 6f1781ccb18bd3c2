import ChatProtocol

/// When something happens: `now` for timeouts, `wall` for people.
struct Moment: Sendable {
  var now: MonotonicTime
  var wall: Timestamp
}

/// What belongs to one connection, logged in or not.
struct Link: Sendable {
  enum Negotiation: Sendable { case notAsked, unanswered, refused, agreed }

  /// Which question about capabilities was asked last.
  enum Question: Sendable { case all, list, some }

  var dialect: Capabilities = []
  var negotiation = Negotiation.notAsked
  private(set) var question = Question.all
  /// What the server is known by; nil where nothing is encrypted.
  let pin: Pin?
  /// What a login signs. The first that the server says: one connection has one.
  var challenge: LoginChallenge?
  /// What the server may be asked for.
  private let wanted: Capabilities
  /// How many lines were sent.
  private(set) var lines: UInt64 = 0
  private var labels: UInt64 = 0
  private var notices: NoticeBudget

  /// - Parameter provesIdentity: there is a key to log in with.
  init(pin: Pin?, provesIdentity: Bool, at now: MonotonicTime) {
    self.pin = pin
    wanted = pin != nil && provesIdentity ? .all : .all.subtracting(.keys)
    notices = NoticeBudget(at: now)
  }

  /// The server knows people by their keys, and has not said yet what to sign.
  var awaitsChallenge: Bool { dialect.contains(.keys) && challenge == nil }

  var isTagged: Bool { dialect.contains(.tags) }
  var hasPresence: Bool { dialect.contains(.presence) }

  /// - Returns: the label that the answer will bear; nil without tags.
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

  /// Asks whether the server speaks more than the plain dialect.
  mutating func askCapabilities(into actions: inout [ClientSession.Action]) {
    negotiation = .unanswered
    transmit(.requestCapabilities(wanted.names), into: &actions)
  }

  /// The server knows `CAP`, but not all that was asked for.
  /// - Parameter listed: what it says that it knows; nil where it does not say.
  /// - Returns: whether it was asked for something else.
  mutating func askAgain(listed: [String]?, into actions: inout [ClientSession.Action]) -> Bool {
    switch question {
    case .all:
      question = .list
      transmit(.listCapabilities, into: &actions)
    case .list:
      question = .some
      let known = listed.map { Capabilities($0.prefix(64).compactMap { Capabilities(named: $0) }) }
      let some = (known ?? [.tags, .presence]).intersection(wanted).coherent
      guard !some.isEmpty else { return false }
      transmit(.requestCapabilities(some.names), into: &actions)
    case .some: return false
    }
    return true
  }

  /// The server has switched to these capabilities.
  /// - Returns: whether they are any that were asked for.
  mutating func agree(on names: [String], into actions: inout [ClientSession.Action]) -> Bool {
    let agreed = Capabilities(names.prefix(64).compactMap { Capabilities(named: $0) })
      .intersection(wanted).coherent
    negotiation = agreed.isEmpty ? .refused : .agreed
    guard !agreed.isEmpty else { return false }
    dialect = agreed
    actions.append(.agreed(agreed))
    return true
  }

  /// The server's words, unless there were too many of them.
  mutating func tell(words: String, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    let text = DisplayText.sanitize(words)
    guard text.contains(where: { $0 != " " }), notices.spend(at: now) else { return }
    actions.append(.tell(.notice(text)))
  }
}

extension Capabilities {
  /// Those of them that can be agreed on together.
  var coherent: Capabilities { isCoherent ? self : intersection(.presence) }
}

extension ErrorReply {
  /// What it says, for people, whoever's server it comes from.
  var words: String {
    if let knownCode, text.isEmpty { return knownCode.explanation }
    return DisplayText.sanitize(knownCode == nil ? "The server says: \(code) \(text)".trimmed : text)
  }
}

extension String {
  /// A sentence as the reason in another one.
  var asReason: String { last == "." ? String(dropLast()) : self }

  fileprivate var trimmed: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
