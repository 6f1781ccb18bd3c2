import ChatProtocol

/// Why a connection is given up.
struct DisconnectReason: Sendable {
  /// For people, on one line.
  var reason: String
  /// We are connected anew from elsewhere.
  var isTakenOver = false
  /// To come back at once would be of no use, or would not be welcome.
  var isFinal = false
  /// It found us idle.
  var isIdle = false
}

extension DisconnectReason {
  /// - Parameter text: the server's own words.
  init(_ reason: ByeReason, text: String = "") {
    switch reason {
    case .idle: self.init(reason: "the server heard nothing from us for too long", isIdle: true)
    case .shutdown: self.init(reason: "the server is shutting down")
    case .slow: self.init(reason: "we read more slowly than the others write")
    case .kicked: self.init(reason: Self.words(text) ?? "an operator ended the connection", isFinal: true)
    case .banned: self.init(reason: Self.words(text) ?? "we are banned from this server", isFinal: true)
    case .takenOver: self.init(reason: "connected anew from elsewhere", isTakenOver: true)
    }
  }

  private static func words(_ text: String) -> String? {
    let text = DisplayText.sanitize(text).asReason
    return text.contains { $0 != " " } ? text : nil
  }

  /// - Returns: nil where the error does not mean that the server will not have us.
  init?(_ reply: ErrorReply, isTagged: Bool) {
    switch reply.knownCode {
    case .serverFull: self.init(reason: "the server is full")
    case .loginTimeout: self.init(reason: "the server waited too long for a name")
    case .tooManyConnections, .tooManyAttempts, .tlsRequired:
      self.init(reason: reply.words(isTagged: isTagged).asReason)
    case .banned, .inviteRequired, .invalidInvite, .invalidProof:
      self.init(reason: reply.words(isTagged: isTagged).asReason, isFinal: true)
    default: return nil
    }
  }
}
