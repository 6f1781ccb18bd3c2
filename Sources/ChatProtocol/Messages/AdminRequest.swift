/// A request about keys, access or moderation. Answered by `OK`, by `ERR`, or by a batch.
public enum AdminRequest: Hashable, Sendable, Codable {
  case listKeys
  /// Adds a key to the requester's own account.
  case addKey(KeyRequest, label: String)
  case removeKey(PublicKey)
  /// Creates a private room, with the requester as owner and member.
  case create(RoomName)
  case invite(RoomName, Nickname)
  case uninvite(RoomName, Nickname)
  /// Creates an invitation code. `OK ADMIT` carries the code in the tag `code`.
  case admit(uses: Int, for: Span)
  case kick(Nickname, reason: String)
  case ban(Subject, for: Span, reason: String)
  case unban(Subject)
  case mute(Nickname, for: Span, reason: String)
  case unmute(Nickname)
  case listSanctions
  /// - Parameter seconds: minimum interval between two messages of a member; 0 ends slow mode.
  case slow(RoomName, seconds: Int)
  case redact(Target, sequence: Int, reason: String)
  /// Deletes the room and all its messages.
  case delete(RoomName, reason: String)
  case makeOperator(Nickname)
  case unmakeOperator(Nickname)
  case listOperators
  /// Newest first.
  case listActs(limit: Int)

  /// Maximum interval of slow mode, in seconds: one hour.
  public static let longestSlowness = 3600

  /// Allowed number of uses of one invitation.
  public static let inviteUses = 1...10_000

  /// The duration of a sanction or invitation.
  public enum Span: Hashable, Sendable, Codable {
    case seconds(Int)
    case forever
  }

  public var verb: Verb {
    switch self {
    case .listKeys, .addKey, .removeKey: .key
    case .create: .create
    case .invite: .invite
    case .uninvite: .uninvite
    case .admit: .admit
    case .kick: .kick
    case .ban: .ban
    case .unban: .unban
    case .mute: .mute
    case .unmute: .unmute
    case .listSanctions: .bans
    case .slow: .slow
    case .redact: .redact
    case .delete: .delete
    case .makeOperator: .makeOperator
    case .unmakeOperator: .unmakeOperator
    case .listOperators: .operators
    case .listActs: .audit
    }
  }
}

extension AdminRequest.Span {
  /// - Returns: nil if the word is not a span, or longer than a hundred years.
  init?(_ word: some StringProtocol) {
    if word == "*" {
      self = .forever
    } else {
      guard let seconds = word.asCount, seconds > 0, seconds <= Duration.longestSpan else { return nil }
      self = .seconds(seconds)
    }
  }

  var text: String {
    switch self {
    case .seconds(let seconds): String(seconds)
    case .forever: "*"
    }
  }
}
