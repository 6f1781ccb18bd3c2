import ChatProtocol

/// What survives a client's end, of its conversations with one server.
public struct ClientMemory: Hashable, Sendable {
  /// Proves to the server who we are. A secret.
  public var token: String?
  /// What the server is known by; nil before it was met over TLS.
  public var pin: Pin?
  /// Whether the server has proved to be the one of `pin` before; otherwise only a link says so.
  public var wasMet: Bool
  /// What lets us into a server for invited people.
  public var invitation: String?
  /// How far the screen has got in each conversation; the rooms among them are joined again.
  public var cursors: [Cursor]
  /// What was said and not confirmed, the oldest first.
  public var unconfirmed: [Unconfirmed]

  public init(
    token: String? = nil, pin: Pin? = nil, wasMet: Bool = true, invitation: String? = nil, cursors: [Cursor] = [],
    unconfirmed: [Unconfirmed] = []
  ) {
    self.token = token
    self.pin = pin
    self.wasMet = wasMet
    self.invitation = invitation
    self.cursors = cursors
    self.unconfirmed = unconfirmed
  }

  public struct Unconfirmed: Hashable, Sendable {
    public var id: SendID
    public var target: Target
    public var text: String
    /// It was on the wire: only a server that knows us again can tell whether it has it.
    public var wasTransmitted: Bool
    /// Of a message to a person: the conversation that was meant when it was written, where that was known.
    public var epoch: Epoch?

    public init(id: SendID, target: Target, text: String, wasTransmitted: Bool, epoch: Epoch? = nil) {
      self.id = id
      self.target = target
      self.text = text
      self.wasTransmitted = wasTransmitted
      self.epoch = epoch
    }
  }
}
