import ChatProtocol

/// The information that a client requests from servers. A program without a screen needs less than a person, which
/// saves work for the server.
public struct ClientInterests: Hashable, Sendable {
  /// The capabilities to request, if the server has them.
  public var capabilities: Capabilities
  /// Whether to request the members of the server and of each joined room. Without it, servers that speak only the
  /// plain dialect are asked nevertheless: their lines cannot be read without the names.
  public var people: Bool
  /// Whether to request the newest messages of each conversation. Without it, the first `ClientEvent.older` of a
  /// conversation is empty, and its messages are reported from the head on.
  public var firstPages: Bool

  public init(capabilities: Capabilities = .all, people: Bool = true, firstPages: Bool = true) {
    self.capabilities = capabilities
    self.people = people
    self.firstPages = firstPages
  }
}
