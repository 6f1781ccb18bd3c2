import ChatProtocol

/// The state of the connection to the server.
enum ConnectionState: Hashable, Sendable {
  case connecting(place: String)
  case online(place: String, isPlain: Bool)
  /// - Parameter retryAt: the time of the next automatic attempt; nil if there is none.
  case offline(place: String, reason: String, retryAt: Timestamp?)

  var place: String {
    switch self {
    case .connecting(let place), .online(let place, _), .offline(let place, _, _): place
    }
  }

  var isOnline: Bool {
    if case .online = self { true } else { false }
  }
}
