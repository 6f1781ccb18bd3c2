import ChatProtocol

/// The reason why a connection is given up.
struct DisconnectReason: Sendable {
  /// For display, on one line.
  var reason: String
  /// Another connection of this client took the session over.
  var isTakenOver = false
  /// An immediate reconnect would be useless or unwelcome.
  var isFinal = false
  /// The server takes the user back when the user asks for it.
  var mayReturn = false
  /// The server's idle timeout expired.
  var isIdle = false
  /// The host takes no clients now; another one of the same server may.
  var isRefusal = false
}

extension DisconnectReason {
  /// - Parameter text: the server's own words.
  init(_ reason: ByeReason, text: String = "") {
    switch reason {
    case .idle: self.init(reason: "the server heard nothing from us for too long", isIdle: true)
    case .shutdown: self.init(reason: "the server is shutting down", isRefusal: true)
    case .moving: self.init(reason: "the server hands over to another one", isRefusal: true)
    case .slow: self.init(reason: "we read more slowly than the others write")
    case .kicked:
      self.init(reason: Self.words(text) ?? "an operator ended the connection", isFinal: true, mayReturn: true)
    case .banned: self.init(reason: Self.words(text) ?? "we are banned from this server", isFinal: true)
    case .takenOver: self.init(reason: "connected anew from elsewhere", isTakenOver: true)
    }
  }

  private static func words(_ text: String) -> String? {
    let text = DisplayText.sanitize(text).asReason
    return text.contains { $0 != " " } ? text : nil
  }

  /// - Returns: nil if the error does not mean that the server rejects this client.
  init?(_ reply: ErrorReply, isTagged: Bool) {
    switch reply.knownCode {
    case .serverFull: self.init(reason: "the server is full", isRefusal: true)
    case .loginTimeout: self.init(reason: "the server waited too long for a name")
    case .tooManyConnections, .tooManyAttempts, .tlsRequired:
      self.init(reason: reply.words(isTagged: isTagged).asReason, isRefusal: true)
    case .banned, .inviteRequired, .invalidInvite, .invalidProof:
      self.init(reason: reply.words(isTagged: isTagged).asReason, isFinal: true)
    default: return nil
    }
  }
}
