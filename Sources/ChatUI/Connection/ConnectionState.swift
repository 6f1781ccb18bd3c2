import ChatModel
import ChatProtocol

/// The state of the connection to the server.
enum ConnectionState: Hashable, Sendable {
  case connecting(Endpoint)
  case online(Endpoint, isPlain: Bool)
  /// - Parameter retryAt: the time of the next automatic attempt; nil if there is none.
  case offline(Endpoint, reason: String, retryAt: Timestamp?)

  var endpoint: Endpoint {
    switch self {
    case .connecting(let endpoint), .online(let endpoint, _), .offline(let endpoint, _, _): endpoint
    }
  }

  var isOnline: Bool {
    if case .online = self { true } else { false }
  }
}
