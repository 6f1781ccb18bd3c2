import NIOCore

/// A line from the server.
///
///     line = [ "@" tags SP ] verb [ SP parameters ]
///
///     OK | ERR code | MSG name text | DM name text | USER name | PONG | INFO text
///
/// and for sessions with capabilities:
///
///     OK verb | ERR code verb text | CAP LS|ACK|NAK name… | MOTD text | BYE code text
///     BATCH +reference kind | BATCH -reference
///     JOINED name | LEFT name reason | AWAY name text | BACK name
///     ROOM room people topic | TOPIC name text
///     CHALLENGE nonce | REMOVED target sequence name
///     KEY … | SANCTION … | OPERATOR name | ACT …
///     SYNC target epoch head | GAP target from to | RESET target epoch | MARK target sequence
///
/// The hub produces each message once, in these terms. `write` decides which form the message has in a session's
/// dialect, if any. Large and rare values are indirect, because every message is copied as a value of this size.
public enum ServerMessage: Hashable, Sendable {
  /// The request was carried out. Plain sessions receive it for `LOGIN` only.
  case ok(Verb?)
  case error(ErrorReply)
  case message(from: Nickname, text: String)
  case direct(from: Nickname, text: String)
  case user(Nickname)
  /// All users in one line, as some other servers answer `WHO`: `USERS a, b`.
  case users([Nickname])
  case pong
  case info(Notice)
  case joined(Nickname)
  /// Sessions without `presence` receive `INFO name disconnected`.
  case left(Nickname, LeaveReason)
  case away(Nickname, text: String)
  case back(Nickname)
  case capabilities(CapabilityReply, [String])
  /// - Parameter target: the conversation, for a batch of history.
  indirect case batchStart(reference: String, kind: String, target: Target? = nil)
  case batchEnd(reference: String)
  case messageOfTheDay(String)
  /// One of the answers to `ROOMS`.
  /// - Parameters:
  ///   - people: number of members in the room.
  ///   - topic: empty if there is none.
  indirect case room(RoomName, people: Int, topic: String)
  /// The topic of the room that the tag `room` names. With the tag `seq` the topic was just set; without the tag the
  /// line states the current topic. Empty if there is none.
  case topic(from: Nickname, text: String)
  /// The room is subscribed: messages up to the head come from history, later ones live.
  indirect case sync(Target, Epoch, head: Int)
  /// These live messages, bounds included, were not sent.
  indirect case gap(Target, from: Int, to: Int)
  /// The cursor belongs to a different log.
  indirect case reset(Target, Epoch)
  /// The member's read mark, from any of the member's sessions.
  indirect case mark(Target, Int)
  /// The challenge that a login with a key signs. Sent directly after the acknowledgement of `keys`.
  case challenge(LoginChallenge)
  /// The message was redacted by its author or an operator; history keeps its place.
  indirect case redacted(Target, Int, by: Nickname)
  indirect case key(AccountKey)
  indirect case sanction(Sanction)
  case operatorName(Nickname)
  indirect case act(Act)
  /// The last line before the server closes the connection. Sessions without `tags` receive `INFO code`.
  case bye(ByeReason, text: String)
  /// A line that this version does not know: a greeting, or a message of a later version.
  case unrecognised(String)
}

/// The parameters of `ERR`.
public struct ErrorReply: Hashable, Sendable {
  /// An `ErrorCode` from a swiftchat server; the first word after `ERR` from any other.
  public var code: String
  public var verb: Verb?
  /// Text for the user. May be empty.
  public var text: String

  public init(code: String, verb: Verb? = nil, text: String = "") {
    self.code = code
    self.verb = verb
    self.text = text
  }

  public init(_ error: RequestError) {
    self.init(code: error.code.rawValue, verb: error.verb, text: error.explanation)
  }

  public var knownCode: ErrorCode? { ErrorCode(rawValue: code) }
}

/// The text of `INFO` in the plain dialect.
public enum Notice: Hashable, Sendable {
  case disconnected(Nickname)
  case other(String)
}

/// Why a user left the server or a room.
public enum LeaveReason: String, CaseIterable, Sendable, Codable {
  /// Sent `QUIT`.
  case quit
  /// Closed the connection without `QUIT`.
  case closed
  /// The connection broke.
  case lost
  /// Idle for longer than the server's idle timeout.
  case idle
  /// Disconnected as a slow consumer.
  case slow
  /// Left a room, but not the server.
  case parted
  /// Disconnected by an operator.
  case kicked
}

/// Why the server closes the connection.
public enum ByeReason: String, CaseIterable, Sendable {
  case idle = "disconnected-due-to-inactivity"
  case shutdown = "server-shutting-down"
  case slow = "disconnected-due-to-slow-reading"
  case takenOver = "taken-over"
  case kicked = "kicked"
  case banned = "banned"
  /// This server ends, and others of the same chat go on: the client can resume there at once.
  case moving = "moving"

  /// The word for sessions without tags, which know only those of a single server.
  var plainWord: String { self == .moving ? Self.shutdown.rawValue : rawValue }

  public var explanation: String {
    switch self {
    case .idle: "Nothing was heard from you for too long."
    case .shutdown: "The server is shutting down."
    case .slow: "You read more slowly than the others write."
    case .takenOver: "You are connected anew from elsewhere."
    case .kicked: "An operator ended your connection."
    case .banned: "You are banned from this server."
    case .moving: "This server ends; connect to another one."
    }
  }
}

public enum CapabilityReply: String, Sendable {
  case list = "LS"
  case acknowledged = "ACK"
  case refused = "NAK"
}
