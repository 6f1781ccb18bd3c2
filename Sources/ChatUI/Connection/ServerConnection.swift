import ChatModel
import ChatProtocol

/// The connection to the server as the user sees it: its state, its delay, and the user's standing.
struct ServerConnection: Hashable, Sendable {
  private(set) var state: ConnectionState
  /// The time until the server answers; nil if it is not known.
  var lag: Duration?
  var standing = Standing()
  /// Whether the server takes messages of several lines, as it did when the client was last connected.
  private(set) var takesLines = false
  /// The server's pin is not the known one, and the user has not accepted it.
  private(set) var pinMismatch: PinMismatch?
  /// The reason why the last connection was lost or could not be made.
  private var trouble: String?
  /// Whether the server ended the last connection, and takes the user back.
  private(set) var mayReturn = false
  /// The host of the present connection, if the server has several.
  private var host: HostPort?
  /// The time at which the client began trying to connect.
  private(set) var connectingSince: Timestamp?

  init(to endpoint: Endpoint, at now: Timestamp) {
    state = .connecting(endpoint)
    connectingSince = now
  }

  var endpoint: Endpoint { state.endpoint }
  /// For sentences: the host of the present connection, otherwise the server.
  var place: String { host?.description ?? endpoint.summary }
  var isOnline: Bool { state.isOnline }

  /// Whether the server speaks only the plain dialect.
  var isPlain: Bool {
    if case .online(_, true) = state { true } else { false }
  }

  /// Whether a time that is shown changes every second.
  var isCountingDown: Bool {
    switch state {
    case .connecting, .offline(_, _, .some): true
    case .online, .offline: false
    }
  }

  // MARK: Events

  mutating func connect(to endpoint: Endpoint, at now: Timestamp) {
    connectingSince = connectingSince ?? now
    state = .connecting(endpoint)
    host = nil
  }

  /// - Parameter host: one of the server's several hosts.
  mutating func reach(_ host: HostPort) { self.host = host }

  /// - Parameter capabilities: none in the plain dialect.
  mutating func succeed(_ capabilities: Capabilities, _ standing: Standing) {
    state = .online(endpoint, isPlain: capabilities.isEmpty)
    takesLines = capabilities.contains(.lines)
    self.standing = standing
    (pinMismatch, connectingSince, trouble) = (nil, nil, nil)
  }

  /// - Parameters:
  ///   - retryAt: the time of the next automatic attempt; nil if there is none.
  ///   - mayReturn: whether the server ended the connection, and takes the user back.
  /// - Returns: whether the reason is news: the first one of this outage, or another one.
  mutating func fail(_ reason: String, retryAt: Timestamp?, mayReturn: Bool = false) -> Bool {
    let isNews = pinMismatch == nil && (isOnline || reason != trouble)
    state = .offline(endpoint, reason: reason, retryAt: retryAt)
    (connectingSince, lag, trouble, host) = (nil, nil, reason, nil)
    self.mayReturn = mayReturn
    return isNews
  }

  /// The server's pin is not the known one. The connection fails for that reason.
  mutating func distrust(_ mismatch: PinMismatch) { pinMismatch = mismatch }

  /// The user accepts the server as it is.
  /// - Returns: the accepted mismatch; nil if there was none.
  mutating func accept() -> PinMismatch? {
    defer { pinMismatch = nil }
    return pinMismatch
  }
}
