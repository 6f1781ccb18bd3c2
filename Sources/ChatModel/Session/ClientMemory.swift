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
  public var unconfirmed: [OutgoingMessage]

  public init(
    token: String? = nil, pin: Pin? = nil, wasMet: Bool = true, invitation: String? = nil, cursors: [Cursor] = [],
    unconfirmed: [OutgoingMessage] = []
  ) {
    self.token = token
    self.pin = pin
    self.wasMet = wasMet
    self.invitation = invitation
    self.cursors = cursors
    self.unconfirmed = unconfirmed
  }
}
