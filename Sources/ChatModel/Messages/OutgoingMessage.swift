import ChatProtocol

/// A message of this client's user, from writing until the server has confirmed or refused it.
public struct OutgoingMessage: Hashable, Sendable, Codable {
  public var id: SendID
  public var target: Target
  /// As typed; may contain characters that are not safe to display, and several lines.
  public var text: String
  /// The time at which the user wrote the message.
  public var time: Timestamp
  /// For a direct message: the conversation at the time of writing, if known. If the name belongs to another person
  /// when the message is sent, that person must not receive it.
  public var epoch: Epoch?
  /// The message was on the wire: only a server that recognises this client can tell whether it was stored.
  public var wasTransmitted: Bool

  /// The key by which the server recognises a repetition; nil for one that is made from `id`.
  public var idempotencyKey: IdempotencyKey?

  public init(
    id: SendID, target: Target, text: String, time: Timestamp, epoch: Epoch? = nil, wasTransmitted: Bool = false,
    idempotencyKey: IdempotencyKey? = nil
  ) {
    self.id = id
    self.target = target
    self.text = text
    self.time = time
    self.epoch = epoch
    self.wasTransmitted = wasTransmitted
    self.idempotencyKey = idempotencyKey
  }
}

extension OutgoingMessage {
  /// The request that sends the message.
  public var request: ClientMessage {
    switch target {
    case .room(.lobby): .message(text)
    case .room: .say(target, text: text)
    case .person(let name): .direct(to: name, text: text)
    }
  }

  /// The number of bytes by which the message is too long for any server; at most 0 if it fits.
  public var excessBytes: Int { request.excessBytes }
}
