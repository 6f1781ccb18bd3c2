import ChatProtocol

/// The operator's settings.
public struct HubSettings: Sendable {
  /// Idle timeout; nil disables it.
  public var idleTimeout: Duration?
  /// Time limit for logging in; nil disables it.
  public var loginTimeout: Duration?
  /// The maximum number of connections, authenticated or not.
  public var maximumSessions: Int
  /// One element per line; sent after login to sessions that read tags.
  public var messageOfTheDay: [String]
  /// The server's pin; nil: key logins are not available.
  public var pin: Pin?
  /// The server's address, `HOST:PORT`, or `*:PORT` for all addresses: sent to programs on the host.
  public var place: String?
  /// Only accounts and holders of an invitation may log in.
  public var isInviteOnly = false
  /// Clients outside the host must use TLS.
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
