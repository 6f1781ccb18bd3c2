import ChatProtocol

// Limits on lines before login.

extension Admission {
  /// The reason why a connection is ended.
  struct Refusal: Hashable, Sendable {
    var error: RequestError
    var closing: CloseReason

    /// Sends the reason. Without tags an error is a bare code, so an explanation for people follows on a line of its
    /// own.
    func tell(_ id: SessionID, _ capabilities: Capabilities, _ turn: inout Turn) {
      let reply = ErrorReply(error)
      turn.send(.error(reply), to: id)
      guard !capabilities.contains(.tags) else { return }
      switch error.code {
      case .tlsRequired, .banned, .tooManyConnections, .tooManyAttempts:
        turn.send(.info(.other(reply.text)), to: id)
      default: break
      }
    }
  }

  private static let noWebServer = "This is a chat server, and does not speak HTTP: use swiftchat, or nc."
  private static let tooMuch = "Too much was said without a name; connect again and log in first: LOGIN name."

  /// Why the request must end a connection on which nobody has logged in; nil if it need not. Counts the request.
  static func refusal(of request: Request, from session: inout Session, _ settings: HubSettings) -> Refusal? {
    // This runs for every request, so the session is read in place: copying it is slow.
    if request.isFromBrowser, !session.peer.isControl {
      return Refusal(error: RequestError(.notLoggedIn, text: noWebServer), closing: .http)
    }
    guard session.isStranger else { return nil }
    if settings.requiresTLS, !session.isSecured {
      return Refusal(error: RequestError(.tlsRequired), closing: .tlsRequired)
    }
    guard session.linesWithoutName < settings.limits.linesBeforeLogin else {
      return Refusal(error: RequestError(.notLoggedIn, text: tooMuch), closing: .unnamed)
    }
    session.linesWithoutName += 1
    return nil
  }
}
