import ChatProtocol

/// What the keys are for at the moment.
enum Mode: Hashable, Sendable {
  case chatting
  /// Somebody in the sidebar is being chosen.
  case choosing(index: Int)
  /// The name was refused; another one is being typed.
  case naming(NamePrompt)
  /// - Parameter scroll: rows of help above the screen.
  case help(scroll: Int)
  /// Nobody listens there: host here?
  case offeringHost(place: String)
  /// - Parameter others: how many would lose their server.
  case confirmingQuit(others: Int)
  /// - Parameter lines: how many messages a paste would become.
  case confirmingSend(lines: Int)

  struct NamePrompt: Hashable, Sendable {
    var editor: LineEditor
    var refused: Nickname
    var reason: String
  }
}
