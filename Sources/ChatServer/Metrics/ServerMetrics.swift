import ChatProtocol

/// Counters of the server: plain numbers on the event loop, without a lock.
final class ServerMetrics {
  /// Since the start, like all counters here.
  var logins = 0
  /// Bytes handed to sockets, before encryption.
  var bytesSent = 0
  /// Refused requests by error code. The codes are defined by this server, so their number is limited.
  private(set) var refusals: [String: Int] = [:]

  /// Counts a line to one session if it is an error.
  func count(_ message: ServerMessage) {
    guard case .error(let error) = message else { return }
    refusals[error.code, default: 0] &+= 1
  }
}

@available(*, unavailable)
extension ServerMetrics: Sendable {}
