import ChatProtocol

/// Who is at the other end of a connection, before they say so.
public struct Peer: Hashable, Sendable {
  /// Nil where there is none, or where it is not known.
  public var address: IPAddress?
  /// They are on the host itself: limits by address do not hold for them.
  public var isHost: Bool
  /// They came through the host's control socket: they are an operator, and nobody in the chat.
  public var isControl: Bool

  public init(address: IPAddress?, isHost: Bool, isControl: Bool = false) {
    self.address = address
    self.isHost = isHost
    self.isControl = isControl
  }

  public static let host = Peer(address: nil, isHost: true)
}
