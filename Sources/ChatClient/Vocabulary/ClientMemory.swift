import ChatProtocol

/// The part of a client's state with one server that is kept after the client exits.
public struct ClientMemory: Hashable, Sendable {
  /// The token that proves the client's identity to the server. A secret.
  public var token: String?
  /// The server's pin; nil before the first TLS connection.
  public var pin: Pin?
  /// Whether the server of `pin` was connected to before; otherwise the pin comes from a link.
  public var wasMet: Bool
  /// Invitation code for a server that requires one.
  public var invitation: String?
  /// The last message shown in each conversation; rooms among them are joined again.
  public var cursors: [Cursor]
  /// Unconfirmed messages, oldest first.
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
    /// The message was on the wire: only a server that recognises this client can tell whether it was stored.
    public var wasTransmitted: Bool
    /// For a direct message: the conversation at the time of writing, if known.
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
