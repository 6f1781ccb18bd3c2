import ChatProtocol

/// What the session has learned about a server.
struct EndpointMemory: Sendable {
  enum Speech: Sendable {
    case unknown
    /// Has answered `CAP` with `ACK`: a lost connection is never taken for its answer.
    case capable
    /// Hung up at `CAP`: whether that was the reason shows when it answers a plain `LOGIN`.
    case plainOnTrial
    case plain
  }

  var speech = Speech.unknown
  /// There was a connection once.
  var wasReached = false
  /// By what the server is known; from then on it is spoken to over TLS alone.
  var pin: Pin?
  /// It answered as if it had no TLS, in the present series of attempts. Never of a server that was met over TLS.
  var isPlain = false
  /// The person has been told that nothing is encrypted.
  var wasPlainTold = false
  /// Whether the server has proved that it has the key of `pin`, in this process or an earlier one; otherwise the pin
  /// is what a link says.
  var isPinProved = false
  /// Of a server without tags that has found us idle.
  var supposedIdleTimeout: Duration?
  /// What lets us in.
  var invitation: String?

  var security: ClientSession.Security {
    if let pin { return .encrypted(expecting: pin) }
    return isPlain ? .plain : .encrypted(expecting: nil)
  }
}

extension EndpointMemory.Speech {
  var asksCapabilities: Bool {
    switch self {
    case .unknown, .capable: true
    case .plainOnTrial, .plain: false
    }
  }
}
