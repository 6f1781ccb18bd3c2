import ChatProtocol

/// What the session tells the screen. Every text in it is fit to be shown as it is (`DisplayText.sanitize`).
public enum ClientEvent: Hashable, Sendable {
  /// - Parameter attempt: counts from 1, and anew after each connection that held.
  case connecting(Endpoint, attempt: Int)
  /// Logged in.
  case online(Nickname, dialect: Capabilities)
  case offline(Outage)
  /// - Parameter wasAsked: it answers the `ping` command.
  case lag(Duration, wasAsked: Bool)
  case message(Post)
  /// The server has the message, and will not repeat it.
  /// - Parameter time: the server's own where it tells it.
  case sendConfirmed(SendID, time: Timestamp)
  /// - Parameter reason: a sentence.
  case sendFailed(SendID, reason: String)
  /// Everybody who is here, in the order in which they came, oneself included.
  case roster([Person])
  case joined(Nickname)
  /// - Parameter reason: words that follow "has left: ".
  case left(Nickname, reason: String)
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
  public var conversation: Recipient
  public var author: Nickname
  public var text: String
  /// When the server accepted it, where it says so; otherwise when it arrived.
  public var time: Timestamp
  public var isOwn: Bool
  /// The `say` that this is the outcome of.
  public var answersSend: SendID?

  public init(
    conversation: Recipient, author: Nickname, text: String, time: Timestamp, isOwn: Bool,
    answersSend: SendID? = nil
  ) {
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
}
