import ChatProtocol

/// One message of a conversation, as the session reports it and as the screen shows it. Each `ClientCommand.say` ends
/// in exactly one of `ClientEvent.message` with its id, `sendConfirmed` or `sendFailed`.
public struct ChatMessage: Hashable, Sendable, Codable {
  /// The target of a reply.
  public var target: Target
  public var kind: MessageKind
  public var author: Nickname
  /// Safe to display. May have several lines, separated by line feeds.
  public var text: String
  /// The server's time of acceptance if it sends one; otherwise the time of arrival.
  public var time: Timestamp
  /// Whether the author is this client's user.
  public var isOwn: Bool
  /// The `say` that this message confirms.
  public var answersSend: SendID?
  /// Sequence number in the conversation, if the server has them.
  public var sequence: Int?
  /// Id in the server's log.
  public var id: Int?
  /// The message was not received live: it was sent while this client was disconnected, or earlier.
  public var isBacklog: Bool

  public init(
    target: Target, kind: MessageKind = .text, author: Nickname, text: String, time: Timestamp, isOwn: Bool,
    answersSend: SendID? = nil, sequence: Int? = nil, id: Int? = nil, isBacklog: Bool = false
  ) {
    self.target = target
    self.kind = kind
    self.author = author
    self.text = text
    self.time = time
    self.isOwn = isOwn
    self.answersSend = answersSend
    self.sequence = sequence
    self.id = id
    self.isBacklog = isBacklog
  }

  /// Removes the text, as the server did.
  public mutating func redact() { (kind, text) = (.redacted, "") }
}
