/// What the server objects to: `ERR code`, and for those who read tags `ERR code verb text`.
public enum ErrorCode: String, CaseIterable, Sendable {
  // The frozen ones.
  case usernameTaken = "username-taken"
  case invalidUsername = "invalid-username"
  case alreadyLoggedIn = "already-logged-in"
  case notLoggedIn = "not-logged-in"
  case emptyMessage = "empty-message"
  case userNotFound = "user-not-found"
  case invalidDirectFormat = "invalid-dm-format"
  case unknownCommand = "unknown-command"
  // Lines that cannot be read.
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
  // What was said before.
  case invalidSay = "invalid-say-format"
  case invalidKey = "invalid-cid"
  case keyConflict = "cid-conflict"
  case invalidHistory = "invalid-history-format"
  case invalidSearch = "invalid-search-format"
  case invalidResume = "invalid-resume-format"
  case invalidMark = "invalid-mark-format"
  case invalidToken = "invalid-token"
  case tooManySessions = "too-many-sessions"
  case historyUnavailable = "history-unavailable"
  // The server's own state.
  case loginTimeout = "login-timeout"
  case serverFull = "server-full"
  case storageUnavailable = "storage-unavailable"

  /// The same for people, with what to do about it.
  public var explanation: String {
    switch self {
    case .usernameTaken: "Somebody with this name is here already; choose another."
    case .invalidUsername: "A name has 1 to 32 bytes and no spaces or control characters."
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
    case .awayTooLong: "Word of being away has at most 256 bytes."
    case .invalidRoom: "A room's name has a # and 1 to 63 bytes behind it, without spaces or control characters."
    case .notInRoom: "You are not in this room; join it first."
    case .tooManyRooms: "There are too many rooms; leave one first."
    case .cannotPart: "Everybody is in the lobby, always."
    case .topicTooLong: "A topic has at most 1024 bytes."
    case .invalidSay: "Write it as: SAY #room text, or SAY @name text."
    case .invalidKey: "A cid has 1 to 64 visible ASCII characters."
    case .keyConflict: "Something else was sent under this cid."
    case .invalidHistory: "Write it as: HISTORY target BEFORE|AFTER sequence limit, or HISTORY target LATEST * limit."
    case .invalidSearch: "Write it as: SEARCH target limit words, with from:name, after:, before: or on:YYYY-MM-DD."
    case .invalidResume: "Write it as: RESUME token, then target epoch sequence for each conversation."
    case .invalidMark: "Write it as: MARK target sequence."
    case .invalidToken: "The token is not one of this server's; log in."
    case .tooManySessions: "You are connected too many times; end one of your connections first."
    case .historyUnavailable: "The server cannot read what was said before at the moment."
    case .loginTimeout: "No name was given in time."
    case .serverFull: "The server is full; try again later."
    case .storageUnavailable: "The server cannot store messages at the moment; it was not sent."
    }
  }
}

/// A line that was read but cannot be obeyed: what is wrong with it, and which request it was, where that can be told.
public struct RequestError: Error, Hashable, Sendable {
  public var code: ErrorCode
  public var verb: Verb?

  public init(_ code: ErrorCode, _ verb: Verb? = nil) {
    self.code = code
    self.verb = verb
  }

  public init(_ fault: LineFault) {
    switch fault {
    case .tooLong: self.init(ErrorCode.lineTooLong)
    case .invalidUTF8: self.init(ErrorCode.invalidUTF8)
    case .malformedTags: self.init(ErrorCode.malformedTags)
    }
  }
}
