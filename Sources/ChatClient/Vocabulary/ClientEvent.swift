import ChatProtocol

/// What the session tells the screen. Every text in it is fit to be shown as it is (`DisplayText.sanitize`).
public enum ClientEvent: Hashable, Sendable {
  /// - Parameter attempt: counts from 1, and anew after each connection that held.
  case connecting(Endpoint, attempt: Int)
  /// Logged in.
  case online(Nickname, dialect: Capabilities, standing: Standing = Standing())
  /// What to keep for `ClientMemory.pin`: the server was met for the first time.
  case pinned(Pin)
  /// The server is not the one that is known, and nothing is said to it. No further attempt is made.
  /// - Parameters:
  ///   - seen: nil where it is not encrypted.
  ///   - wasMet: whether the known one was met before; otherwise only a link speaks of it.
  case distrusted(Endpoint, known: Pin, seen: Pin?, wasMet: Bool = true)
  case administered(AdminRequest, AdminAnswer)
  /// The message has no text any more.
  case removed(Target, Int, by: Nickname)
  case offline(Outage)
  /// - Parameter wasAsked: it answers the `ping` command.
  case lag(Duration, wasAsked: Bool)
  case message(Post)
  /// It is on the wire.
  case sending(SendID)
  /// It is meant for the one person whom the conversation of this epoch is with, whoever has the name when it is sent.
  /// To be kept with it.
  case addressed(SendID, Epoch)
  /// The server has the message, and will not repeat it.
  /// - Parameters:
  ///   - sequence: where the server counts. All that comes before it in the conversation was told; it takes its place
  ///     there now, unless a message with this sequence was told already. Nil also where its place does not matter any
  ///     more, since the conversation ends for us.
  ///   - time: the server's own where it tells it.
  case sendConfirmed(SendID, sequence: Int?, time: Timestamp)
  /// - Parameter reason: a sentence.
  case sendFailed(SendID, reason: String)
  /// What to keep for `ClientMemory.token`.
  case token(String)
  /// We are in the conversation; `message` tells what is beyond, and the messages that are missing follow, in order.
  /// - Parameters:
  ///   - head: the newest message that the server has.
  ///   - mark: how far the person has read, where the server knows.
  case synced(Target, Epoch, head: Int, mark: Int?)
  /// The log goes on in another epoch: all that was told of the conversation stays as it is. Comes before `synced`.
  case continued(Target, Epoch)
  /// All that was told of the conversation is to be forgotten: it is another one now, or too much was missed. What is
  /// worth showing of it follows in `older`.
  case reset(Target)
  /// What came before all that was told of the conversation, the oldest first. Also the first that is told of it.
  /// - Parameter hasMore: whether there is anything before it.
  case older(Target, [Post], hasMore: Bool)
  /// The person has read so far on another terminal.
  case marked(Target, Int)
  /// Also after each reconnection, for rooms that we are in still.
  case roomJoined(RoomName)
  /// - Parameter reason: a sentence where it was not our wish.
  case roomLeft(RoomName, reason: String?)
  /// Empty: it has none. A `Post` tells who changed it.
  case topic(RoomName, String)
  case rooms([RoomListing])
  /// The rooms that were asked for cannot be told.
  /// - Parameter reason: a sentence.
  case roomsFailed(reason: String)
  /// The newest first.
  /// - Parameters:
  ///   - hasMore: whether `search` with the last one's id would find more.
  ///   - stoppedBefore: the server stopped early, and looked at nothing older than this id: `search` with it goes on.
  case found(Int, [Post], hasMore: Bool, stoppedBefore: Int? = nil)
  /// - Parameter reason: a sentence.
  case searchFailed(Int, reason: String)
  /// Everybody who is in the room, in the order in which they came, oneself included. In the lobby: on the server; never
  /// told of one that does not say who is there.
  case roster(RoomName, [Person])
  /// The lobby stands for the server.
  case joined(Nickname, RoomName)
  /// The person who has just joined the server has a name that nobody owns.
  case guest(Nickname)
  /// The name stands for another person than before.
  case otherPerson(Nickname)
  /// Somebody is on the server who was not known to be; when they came is not known.
  case noticed(Nickname)
  /// The lobby stands for the server, with all its rooms.
  /// - Parameter reason: words that follow "has left: ".
  case left(Nickname, RoomName, reason: String)
  /// - Parameter text: empty where none was given.
  case away(Nickname, text: String)
  case back(Nickname)
  /// The server's words, or the session's own, that are nobody's message.
  case notice(String)
  case messageOfTheDay(String)
  /// The session waits for `ClientCommand.useName`.
  /// - Parameter suggestion: a name near the refused one that may do.
  case nameRefused(Nickname, NameRefusal, suggestion: Nickname?)
  /// The server objects to something that is no message.
  case serverError(String)
}

/// One message. A `say` ends in exactly one of `message` with its id, `sendConfirmed` and `sendFailed`.
public struct Post: Hashable, Sendable {
  /// Where an answer would go.
  public var conversation: Target
  public var kind: MessageKind
  public var author: Nickname
  public var text: String
  /// When the server accepted it, where it says so; otherwise when it arrived.
  public var time: Timestamp
  public var isOwn: Bool
  /// The `say` that this is the outcome of.
  public var answersSend: SendID?
  /// Its place in the conversation, where the server counts.
  public var sequence: Int?
  /// Its place in the server's log.
  public var id: Int?
  /// It was said while we were away, or before.
  public var isBacklog: Bool

  public init(
    conversation: Target, kind: MessageKind = .text, author: Nickname, text: String, time: Timestamp, isOwn: Bool,
    answersSend: SendID? = nil, sequence: Int? = nil, id: Int? = nil, isBacklog: Bool = false
  ) {
    self.kind = kind
    self.sequence = sequence
    self.id = id
    self.isBacklog = isBacklog
    self.conversation = conversation
    self.author = author
    self.text = text
    self.time = time
    self.isOwn = isOwn
    self.answersSend = answersSend
  }
}

/// There is no connection.
public struct Outage: Hashable, Sendable {
  /// For people, on one line.
  public var reason: String
  /// How long until the next attempt; nil where there will be none.
  public var retryIn: Duration?
  /// The host is there, and nothing listens on it.
  public var isRefused: Bool
  /// The first attempt at an endpoint that was never reached: with `isRefused`, the moment to offer to host there.
  public var isFirst: Bool

  public init(reason: String, retryIn: Duration?, isRefused: Bool = false, isFirst: Bool = false) {
    self.reason = reason
    self.retryIn = retryIn
    self.isRefused = isRefused
    self.isFirst = isFirst
  }
}

public enum NameRefusal: Hashable, Sendable {
  /// Somebody else has it.
  case taken
  /// The server allows no such name.
  case invalid
  /// It belongs to somebody who is known by a key.
  case reserved
  /// The server keeps it for itself.
  case kept
  /// It looks like somebody else's.
  case confusable

  /// What to do, and why: the advice first, and all of it within 80 columns.
  public func sentence(about name: Nickname) -> String {
    switch self {
    case .taken: "Choose another name: \(name) is taken."
    case .invalid: "Choose another name: \(name) is not allowed here."
    case .reserved: "Choose another, or import its key: \(name) is owned."
    case .kept: "Choose another name: the server keeps \(name) for itself."
    case .confusable: "Choose another name: \(name) looks like another."
    }
  }
}
