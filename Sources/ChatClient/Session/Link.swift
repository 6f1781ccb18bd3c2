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
  /// What the server has said before it let us in.
  private(set) var greeting: [String] = []
  private static let mostGreeting = 50
  /// The server has answered something as chat servers do.
  var isUnderstood = false

  /// - Parameter provesIdentity: there is a key to log in with.
  init(pin: Pin?, provesIdentity: Bool, at now: MonotonicTime) {
    self.pin = pin
    wanted = pin != nil && provesIdentity ? .all : .all.subtracting(.keys)
    notices = NoticeBudget(at: now)
  }

  /// When capabilities were asked for.
  private(set) var askedAt: MonotonicTime?

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
  mutating func askCapabilities(at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    negotiation = .unanswered
    askedAt = now
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

  // MARK: The server's words

  /// The server's words as a notice, by `tell(line:)`; nothing where they are blank.
  mutating func tell(words: String, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    let text = DisplayText.sanitize(words)
    guard text.contains(where: { $0 != " " }) else { return }
    tell(line: .notice(text), at: now, into: &actions)
  }

  /// What becomes a line on the screen whenever the server likes, unless there was too much of it: then how many lines,
  /// as soon as there is room again. The text must be fit to be shown.
  mutating func tell(line event: ClientEvent, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    guard notices.spend(at: now) else { return notices.miss(1) }
    tellMissing(into: &actions)
    actions.append(.tell(event))
  }

  /// So many lines there was no room for.
  mutating func miss(_ count: Int) { notices.miss(count) }

  /// When `tellMissing` is to be called; in the distant future where nothing is missing.
  var noticesDue: MonotonicTime { notices.due }

  mutating func tellMissing(into actions: inout [ClientSession.Action]) {
    guard let count = notices.takeMissing() else { return }
    actions.append(.tell(.notice("\(count) \(count == 1 ? "line" : "lines") of the server not shown")))
  }

  /// What the server says before it has let us in is kept until then: one that never does is no chat server, and its
  /// words are of no use.
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
  /// Those of them that can be agreed on together.
  var coherent: Capabilities { isCoherent ? self : intersection(.presence) }
}

extension ErrorReply {
  /// What it says, for people.
  /// - Parameter isTagged: whether the text is a sentence. From a server without tags it may be anything, such as the
  ///   name that the error is about.
  func words(isTagged: Bool) -> String {
    guard let knownCode else { return DisplayText.sanitize("The server says: \(code) \(text)".trimmed) }
    let text = DisplayText.sanitize(text).trimmed
    guard !text.isEmpty else { return knownCode.explanation }
    let isSentence = isTagged || text.last == "." || text.split(separator: " ").count > 2
    return isSentence ? text : "\(knownCode.explanation) (\(text))"
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
