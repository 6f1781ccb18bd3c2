import ChatModel

extension ClientEvent {
  /// Whether the next run needs the event although this client no longer shows the server: a message that is not known
  /// to be transmitted would be sent again, and a server without tokens would show it twice. Results of messages are not
  /// among these events: what the screen has not shown stays unconfirmed.
  var isForNextRun: Bool {
    switch self {
    case .token, .pinned, .online, .sending: true
    default: false
    }
  }
}
