/// An error code: `ERR code`, and for sessions with tags `ERR code verb text`.
public enum ErrorCode: String, CaseIterable, Sendable, Codable {
  // Codes of the frozen plain dialect.
  case usernameTaken = "username-taken"
  case invalidUsername = "invalid-username"
  case alreadyLoggedIn = "already-logged-in"
  case notLoggedIn = "not-logged-in"
  case emptyMessage = "empty-message"
  case userNotFound = "user-not-found"
  case invalidDirectFormat = "invalid-dm-format"
  case unknownCommand = "unknown-command"
  // Unreadable lines.
  case lineTooLong = "line-too-long"
  case invalidUTF8 = "invalid-utf8"
  case controlCharacter = "control-character"
  case malformedTags = "malformed-tags"
  case invalidCapabilityRequest = "invalid-cap-request"
  case awayTooLong = "away-too-long"
  // Rooms.
  case invalidRoom = "invalid-room"
  case notInRoom = "not-in-room"
  case tooManyRooms = "too-many-rooms"
  case cannotPart = "cannot-part"
  case topicTooLong = "topic-too-long"
  case tooManyLines = "too-many-lines"
  // Messages and history.
  case invalidSay = "invalid-say-format"
  case invalidKey = "invalid-cid"
  case keyConflict = "cid-conflict"
  case recipientChanged = "recipient-changed"
  case invalidHistory = "invalid-history-format"
  case invalidSearch = "invalid-search-format"
  case invalidResume = "invalid-resume-format"
  case invalidMark = "invalid-mark-format"
  case invalidToken = "invalid-token"
  case tooManySessions = "too-many-sessions"
  case historyUnavailable = "history-unavailable"
  // Access.
  case usernameReserved = "username-reserved"
  case usernameConfusable = "username-confusable"
  case invalidProof = "invalid-proof"
  case inviteRequired = "invite-required"
  case invalidInvite = "invalid-invite"
  case banned
  case tlsRequired = "tls-required"
  case tooManyConnections = "too-many-connections"
  case tooManyAttempts = "too-many-attempts"
  case privateRoom = "private-room"
  case roomExists = "room-exists"
  case roomConfusable = "room-confusable"
  // Administration and moderation.
  case invalidRequest = "invalid-request"
  case notOperator = "not-operator"
  case notOwner = "not-owner"
  case noAccount = "no-account"
  case noSuchKey = "no-such-key"
  case keyInUse = "key-in-use"
  case tooManyKeys = "too-many-keys"
  case tooManyAccounts = "too-many-accounts"
  case tooManyGuests = "too-many-guests"
  case tooManyInvitations = "too-many-invitations"
  case lastKey = "last-key"
  case lastOperator = "last-operator"
  case notFound = "not-found"
  case muted
  case slowMode = "slow-mode"
  case protected
  case tooManySanctions = "too-many-sanctions"
  case tooFast = "too-fast"
  // The server's own state.
  case loginTimeout = "login-timeout"
  case serverFull = "server-full"
  case storageUnavailable = "storage-unavailable"

  /// Text for `usernameReserved` if the name is one that servers use for themselves.
  public static let keptName = "The server keeps this name for itself; choose another."
  /// Text for `invalidUsername` and `invalidRoom` if the name has an unassigned or invisible character.
  public static let shapelessName = "A name cannot have an invisible or unknown character; choose another."

  /// A message for the user, including what to do.
  public var explanation: String {
    switch self {
    case .usernameTaken: "Somebody with this name is here already; choose another."
    case .invalidUsername: "A name has 1 to 32 bytes, a letter or digit among them, no spaces."
    case .alreadyLoggedIn: "This connection is logged in already."
    case .notLoggedIn: "Log in first: LOGIN name."
    case .emptyMessage: "The message has no text."
    case .userNotFound: "Nobody with this name is here."
    case .invalidDirectFormat: "Write it as: DM name text."
    case .unknownCommand: "There is no such command."
    case .lineTooLong: "A line has at most 4096 bytes."
    case .invalidUTF8: "The line is not valid UTF-8."
    case .controlCharacter: "The line has a control character."
    case .malformedTags: "The tags before the line cannot be read."
    case .invalidCapabilityRequest: "Write it as: CAP LS, or CAP REQ name…"
    case .awayTooLong: "An away message has at most 256 bytes."
    case .invalidRoom: "A room's name has a # and 1 to 63 bytes behind it, without spaces or control characters."
    case .notInRoom: "You are not in this room; join it first."
    case .tooManyRooms: "There are too many rooms; leave one first."
    case .cannotPart: "Everybody is in the lobby, always."
    case .topicTooLong: "A topic has at most 1024 bytes."
    case .tooManyLines: "A message has at most \(MessageLines.maximum) lines."
    case .invalidSay: "Write it as: SAY #room text, or SAY @name text."
    case .invalidKey: "A cid has 1 to 64 visible ASCII characters."
    case .recipientChanged: "The name is another person's now; send it again if it is meant for them."
    case .keyConflict: "Something else was sent under this cid."
    case .invalidHistory: "Write it as: HISTORY target BEFORE|AFTER sequence limit, or HISTORY target LATEST * limit."
    case .invalidSearch: "Write it as: SEARCH target limit words, with from:name, after:, before: or on:YYYY-MM-DD."
    case .invalidResume: "Write it as: RESUME token, then target epoch sequence for each conversation."
    case .invalidMark: "Write it as: MARK target sequence."
    case .invalidToken: "The token is not one of this server's; log in."
    case .tooManySessions: "You are connected too many times; end one of your connections first."
    case .historyUnavailable: "The server cannot read what was said before at the moment."
    case .usernameReserved: "This name belongs to somebody who is known by their key; choose another."
    case .usernameConfusable: "This name looks like somebody else's; choose another."
    case .invalidProof: "The key does not prove who you are: its signature is not for this server, name or connection."
    case .inviteRequired: "This server is for invited people: ask its host for an invitation."
    case .invalidInvite: "This invitation is used up, too old, or not one of this server's."
    case .banned: "You are banned from this server."
    case .tlsRequired: "This server speaks with you only over TLS: use swiftchat, or openssl s_client."
    case .tooManyConnections: "There are too many connections from your address; end one of them first."
    case .tooManyAttempts: "There were too many connections from your address; try again in a few minutes."
    case .privateRoom: "This room is for invited people; ask who made it."
    case .roomExists: "There is a room of this name."
    case .roomConfusable: "This name looks like that of another room; choose another."
    case .invalidRequest: "The request cannot be read; see the protocol for how to write it."
    case .notOperator: "Only operators may do this."
    case .notOwner: "Only the owner of the room may do this."
    case .noAccount: "This needs a name that belongs to a key."
    case .noSuchKey: "There is no such key among yours."
    case .keyInUse: "The key belongs to a name already."
    case .tooManyKeys: "There are too many keys; remove one first."
    case .tooManyAccounts: "No more names can belong to anybody here."
    case .tooManyGuests: "The room has as many guests as it can have; withdraw an invitation first."
    case .tooManyInvitations: "There are too many invitations that nobody has used yet."
    case .lastKey: "It is the only key: without it nobody could log in under the name."
    case .lastOperator: "Without them nobody would be an operator; name another one first."
    case .notFound: "What you named was not found."
    case .muted: "You are muted; you may read."
    case .slowMode: "The room is in slow mode; wait a little."
    case .protected: "Neither the host nor its operators can be kept out, or kept from writing."
    case .tooManySanctions: "There are too many bans and mutes; lift some of them first."
    case .tooFast: "You write too fast."
    case .loginTimeout: "No name was given in time."
    case .serverFull: "The server is full; try again later."
    case .storageUnavailable: "The server cannot store messages at the moment; it was not sent."
    }
  }
}

/// An error in a line that was read: the error, and the verb of the request if it is known.
public struct RequestError: Error, Hashable, Sendable {
  public var code: ErrorCode
  public var verb: Verb?
  /// A message for the user that replaces the code's explanation; nil if there is none.
  public var text: String?

  public init(_ code: ErrorCode, _ verb: Verb? = nil, text: String? = nil) {
    self.code = code
    self.verb = verb
    self.text = text
  }

  /// The message for the user.
  var explanation: String {
    if let text { return text }
    guard code == .notFound else { return code.explanation }
    switch verb {
    case .redact: return "There is no such message that you may remove."
    case .slow, .join: return "There is no room of this name."
    case .invite: return "There is no private room of this name."
    case .uninvite: return "There is no private room of this name, or nobody of that name may enter it."
    case .unban: return "There is no such ban."
    case .unmute: return "Nobody of this name is muted."
    case .unmakeOperator: return "Nobody of this name is an operator."
    default: return code.explanation
    }
  }

  public init(_ fault: LineFault) {
    switch fault {
    case .tooLong: self.init(ErrorCode.lineTooLong)
    case .invalidUTF8: self.init(ErrorCode.invalidUTF8)
    case .malformedTags: self.init(ErrorCode.malformedTags)
    }
  }
}
