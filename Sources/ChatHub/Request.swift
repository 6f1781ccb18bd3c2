import ChatProtocol

/// A parsed line: the message and its tags.
struct Request: Sendable {
  /// The message, or the reason why it is invalid.
  let content: Result<ClientMessage, RequestError>
  let verb: Verb?
  /// All tags; once the request waits, only those that the hub uses.
  private(set) var tags: Tags
  /// Bytes of the line without its tags.
  private let bytes: Int

  /// - Returns: nil for a blank line, which is ignored.
  init?(_ result: Result<Line, LineFault>, in dialect: Capabilities) {
    switch result {
    case .success(let line):
      tags = line.tags
      bytes = line.text.utf8.count
      do {
        guard let message = try ClientMessage(reading: line, in: dialect) else { return nil }
        content = .success(message)
        verb = message.verb
      } catch {
        content = .failure(error)
        verb = error.verb
      }
    case .failure(let fault):
      tags = Tags()
      bytes = 0
      content = .failure(RequestError(fault))
      verb = nil
    }
  }

  /// The approximate number of bytes that the request keeps in memory.
  var cost: Int {
    guard !tags.isEmpty else { return Self.overhead + bytes }
    return Self.kept.reduce(Self.overhead + bytes) { $0 + (tags[$1]?.utf8.count ?? 0) }
  }

  private static let overhead = 128

  /// Whether the request changes nothing, and only asks for an answer.
  var isQuestion: Bool {
    switch content {
    case .success(.who), .success(.ping), .success(.rooms), .success(.history), .success(.search),
      .success(.listCapabilities), .failure:
      true
    case .success(.admin(let admin)): admin.asksForList
    default: false
    }
  }

  private static let kept = ["label", "cid", "epoch", "before", "token", "key", "proof", "invite"]

  func address(of id: SessionID) -> ReplyAddress { ReplyAddress(session: id, verb: verb, label: tags.label) }

  /// The recipient of a direct message.
  var recipient: Nickname? {
    switch content {
    case .success(.direct(let name, _)), .success(.say(.person(let name), _)): name
    default: nil
    }
  }

  /// Removes tags that the hub does not use: two thousand of them fit before one line.
  mutating func trim() {
    guard !tags.isEmpty else { return }
    var trimmed = Tags()
    for key in Self.kept { trimmed[key] = tags[key] }
    tags = trimmed
  }
}

extension ClientMessage {
  fileprivate var verb: Verb {
    switch self {
    case .login: .login
    case .message: .message
    case .direct: .direct
    case .who: .who
    case .ping: .ping
    case .quit: .quit
    case .away: .away
    case .listCapabilities, .requestCapabilities: .capabilities
    case .join: .join
    case .part: .part
    case .rooms: .rooms
    case .topic: .topic
    case .say: .say
    case .history: .history
    case .search: .search
    case .resume: .resume
    case .mark: .mark
    case .admin(let request): request.verb
    }
  }
}
