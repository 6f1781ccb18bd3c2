import ChatModel
import ChatProtocol

/// The facts that the client has learned about one server, kept across connections.
struct EndpointMemory: Sendable {
  enum CapabilitySupport: Sendable {
    case unknown
    /// Has answered `CAP` with `ACK`; a lost connection is then never taken for a refusal of `CAP`.
    case capable
    /// Hung up at `CAP`. An answer to a plain `LOGIN` will show whether `CAP` was the reason.
    case plainOnTrial
    case plain
  }

  var capabilitySupport = CapabilitySupport.unknown
  /// Whether a connection was ever established.
  var wasReached = false
  /// The server's pin. Once known, the server is contacted over TLS only.
  var pin: Pin?
  /// The server answered without TLS, in the present series of attempts. Never set for a server that was seen over TLS.
  var isPlain = false
  /// Whether the user was warned that the connection is not encrypted.
  var wasPlainTold = false
  /// Whether the server has proved possession of the key of `pin`, in this process or an earlier one; otherwise the pin
  /// comes from a link.
  var isPinProved = false
  /// Estimated idle timeout of a server without tags that has disconnected this client for inactivity.
  var supposedIdleTimeout: Duration?
  /// Hosts that were reported to be another server.
  var toldStrangers: Set<HostPort> = []
  /// Invitation code for login.
  var invitation: String?

  var security: ClientSession.Security {
    if let pin { return .encrypted(expecting: pin) }
    return isPlain ? .plain : .encrypted(expecting: nil)
  }
}

extension EndpointMemory.CapabilitySupport {
  var asksCapabilities: Bool {
    switch self {
    case .unknown, .capable: true
    case .plainOnTrial, .plain: false
    }
  }
}
