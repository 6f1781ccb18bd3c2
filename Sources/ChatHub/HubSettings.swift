import ChatProtocol

/// What the operator decides.
public struct HubSettings: Sendable {
  /// Who says nothing for this long is out; nil: never.
  public var idleTimeout: Duration?
  /// Who has no name after this long is out; nil: never.
  public var loginTimeout: Duration?
  /// How many connections there may be at once, named or not.
  public var maximumSessions: Int
  /// Line by line; told after login to those who read tags.
  public var messageOfTheDay: [String]
  /// What the server is known by; nil: nobody can prove who they are by a key.
  public var pin: Pin?
  /// Where the server listens, `HOST:PORT`, or `*:PORT` for all addresses: told to the host's own programs.
  public var place: String?
  /// Only who has an account, or an invitation, may come in.
  public var isInviteOnly = false
  /// Who is not on the host must speak over TLS.
  public var requiresTLS = false
  public var limits = HubLimits()

  public init(
    idleTimeout: Duration? = .seconds(60), loginTimeout: Duration? = .seconds(30), maximumSessions: Int = 10_000,
    messageOfTheDay: [String] = []
  ) {
    self.idleTimeout = idleTimeout
    self.loginTimeout = loginTimeout
    self.maximumSessions = maximumSessions
    self.messageOfTheDay = messageOfTheDay
  }
}
