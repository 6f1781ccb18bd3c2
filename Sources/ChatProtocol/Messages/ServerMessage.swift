import NIOCore

/// What the server says.
///
///     line = [ "@" tags SP ] verb [ SP parameters ]
///
///     OK | ERR code | MSG name text | DM name text | USER name | PONG | INFO text
///
/// and to those who asked for more:
///
///     OK verb | ERR code verb text | CAP LS|ACK|NAK name… | MOTD text | BYE code text
///     BATCH +reference kind | BATCH -reference
///     JOINED name | LEFT name reason | AWAY name text | BACK name
///     ROOM room people topic | TOPIC name text
///     CHALLENGE nonce | REMOVED target sequence name
///     KEY … | SANCTION … | OPERATOR name | ACT …
///     SYNC target epoch head | GAP target from to | RESET target epoch | MARK target sequence
///
/// The hub says each thing once, in these terms; how it reads in a session's dialect, and whether that dialect has a
/// word for it at all, is decided by `write`.
public enum ServerMessage: Hashable, Sendable {
  /// The request was obeyed. Plain sessions hear it of `LOGIN` alone.
  case ok(Verb?)
  case error(ErrorReply)
  case message(from: Nickname, text: String)
  case direct(from: Nickname, text: String)
  case user(Nickname)
  /// Everybody at once, as some other servers answer `WHO`: `USERS a, b`.
  case users([Nickname])
  case pong
  case info(Notice)
  case joined(Nickname)
  /// To sessions without `presence` this reads `INFO name disconnected`.
  case left(Nickname, LeaveReason)
  case away(Nickname, text: String)
  case back(Nickname)
  case capabilities(CapabilityReply, [String])
  /// - Parameter target: the conversation that a batch of history is of.
  case batchStart(reference: String, kind: String, target: Target? = nil)
  case batchEnd(reference: String)
  case messageOfTheDay(String)
  /// One of the answers to `ROOMS`.
  /// - Parameters:
  ///   - people: how many are in it.
  ///   - topic: empty where there is none.
  case room(RoomName, people: Int, topic: String)
  /// The topic of the room that the tag `room` names; with the tag `seq` it was just set, without it that is how
  /// things are. Empty: there is none.
  case topic(from: Nickname, text: String)
  /// From here on live: what is up to the head is history.
  case sync(Target, Epoch, head: Int)
  /// These live messages, both ends among them, were not sent.
  case gap(Target, from: Int, to: Int)
  /// The cursor belongs to another log than the present one.
  case reset(Target, Epoch)
  /// How far the person has read, on whichever terminal.
  case mark(Target, Int)
  /// What a login with a key signs; right behind the acknowledgement of `keys`.
  case challenge(LoginChallenge)
  /// The message was taken out of the conversation, by its author or an operator; history says that it was there.
  case removed(Target, Int, by: Nickname)
  case key(AccountKey)
  case sanction(Sanction)
  case operatorName(Nickname)
  case act(Act)
  /// The last line before the server hangs up. To sessions without `tags` it reads `INFO code`.
  case bye(ByeReason, text: String)
  /// Nothing that this version knows: a greeting, or a later version's message.
  case unrecognised(String)
}

/// What follows `ERR`.
public struct ErrorReply: Hashable, Sendable {
  /// One of `ErrorCode` from our own servers, the first word from any other.
  public var code: String
  public var verb: Verb?
  /// For people. May be empty.
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

/// What follows `INFO` in the plain dialect.
public enum Notice: Hashable, Sendable {
  case disconnected(Nickname)
  case other(String)
}

/// Why somebody is no longer here.
public enum LeaveReason: String, CaseIterable, Sendable {
  /// Said `QUIT`.
  case quit
  /// Closed the connection without a word.
  case closed
  /// The connection broke.
  case lost
  /// Said nothing for the server's idle timeout.
  case idle
  /// Read more slowly than the others wrote, and was cut off.
  case slow
  /// Left a room, and not the server.
  case parted
  /// An operator threw them out.
  case kicked
}

/// Why the server hangs up.
public enum ByeReason: String, CaseIterable, Sendable {
  case idle = "disconnected-due-to-inactivity"
  case shutdown = "server-shutting-down"
  case slow = "disconnected-due-to-slow-reading"
  case takenOver = "taken-over"
  case kicked = "kicked"
  case banned = "banned"

  public var explanation: String {
    switch self {
    case .idle: "Nothing was heard from you for too long."
    case .shutdown: "The server is shutting down."
    case .slow: "You read more slowly than the others write."
    case .takenOver: "You are connected anew from elsewhere."
    case .kicked: "An operator ended your connection."
    case .banned: "You are banned from this server."
    }
  }
}

public enum CapabilityReply: String, Sendable {
  case list = "LS"
  case acknowledged = "ACK"
  case refused = "NAK"
}
