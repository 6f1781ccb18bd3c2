import ChatProtocol

/// When something happens: `now` for timeouts, `wall` for people.
struct Moment: Sendable {
  var now: MonotonicTime
  var wall: Timestamp
}

/// What belongs to one connection, logged in or not.
struct Link: Sendable {
  enum Negotiation: Sendable { case notAsked, unanswered, refused, agreed }

  var dialect: Capabilities = []
  var negotiation = Negotiation.notAsked
  /// How many lines were sent.
  private(set) var lines: UInt64 = 0
  private var labels: UInt64 = 0
  private var notices: NoticeBudget

  init(at now: MonotonicTime) { notices = NoticeBudget(at: now) }

  var isTagged: Bool { dialect.contains(.tags) }
  var hasPresence: Bool { dialect.contains(.presence) }

  /// - Returns: the label that the answer will bear; nil without tags.
  @discardableResult
  mutating func transmit(_ message: ClientMessage, into actions: inout [ClientSession.Action]) -> String? {
    lines += 1
    var tags = Tags()
    if isTagged {
      labels += 1
      tags.label = String(labels)
    }
    actions.append(.transmit(message, tags))
    return tags.label
  }

  /// The server has switched to these capabilities.
  /// - Returns: whether they are any that were asked for.
  mutating func agree(on names: [String], into actions: inout [ClientSession.Action]) -> Bool {
    let agreed = Capabilities(names.prefix(64).compactMap { Capabilities(named: $0) })
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

extension ErrorReply {
  /// What it says, for people, whoever's server it comes from.
  var words: String {
    if let knownCode, text.isEmpty { return knownCode.explanation }
    return DisplayText.sanitize(knownCode == nil ? "The server says: \(code) \(text)".trimmed : text)
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
