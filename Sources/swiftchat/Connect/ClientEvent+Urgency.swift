import ChatModel

extension ClientEvent {
  /// Whether the event may answer the user, or may lead to a command. All others come in any number from other people,
  /// and need only be on the next screen.
  var isUrgent: Bool {
    switch self {
    case .message(let message): message.isOwn || message.answersSend != nil
    case .joined, .left, .away, .back, .guest, .noticed: false
    default: true
    }
  }
}
