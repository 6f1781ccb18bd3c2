import ChatProtocol

/// What the server counts as it goes: plain numbers on the event loop, without a lock.
final class ServerMetrics {
  /// Since the start, as all of them.
  var logins = 0
  /// Bytes that were handed to sockets, before encryption.
  var bytesSent = 0
  /// Requests that were refused, by the code of the error. The codes are this server's own, so that there are few.
  private(set) var refusals: [String: Int] = [:]

  /// Counts a line to one session, where it is a refusal.
  func count(_ message: ServerMessage) {
    guard case .error(let error) = message else { return }
    refusals[error.code, default: 0] &+= 1
  }
}

@available(*, unavailable)
extension ServerMetrics: Sendable {}
