import ChatProtocol

/// What happens to the screen, from either side.
public enum InterfaceEvent: Sendable {
  case key(Key)
  /// Text from the clipboard: never sends anything by itself.
  case paste(String)
  case resized(Screen.Size)
  /// Whether the person can see the window, where the terminal tells.
  case focused(Bool)
  /// The clock, at least once a minute while nothing else happens, and each second while `Interface.isCountingDown`.
  case time(Timestamp)
  case network(NetworkEvent)
  case host(HostEvent)
}

/// What the network says, in the screen's terms. Texts are safe to show.
public enum NetworkEvent: Sendable {
  /// - Parameter place: `host:port`.
  case connecting(place: String)
  case online(Nickname, place: String, isPlain: Bool)
  /// - Parameters:
  ///   - retryIn: nil where nothing is tried again by itself.
  ///   - isNobodyThere: nothing listens there, and nothing ever did in this run.
  case offline(reason: String, retryIn: Duration?, isNobodyThere: Bool)
  /// - Parameter wasAsked: the person wants to read it.
  case lag(Duration, wasAsked: Bool)
  /// - Parameter answering: which of the own sends it is, as the server repeated it.
  case roomMessage(author: Nickname, text: String, time: Timestamp, answering: SendID?)
  /// - Parameters:
  ///   - with: whose tab it belongs to: the author's, or where that is oneself, the one's who was written to.
  ///   - answering: as above.
  case directMessage(author: Nickname, with: Nickname, text: String, time: Timestamp, answering: SendID?)
  case confirmed(SendID, at: Timestamp)
  case failed(SendID, reason: String)
  case roster([Person])
  case joined(Nickname)
  case left(Nickname, reason: String)
  case away(Nickname, text: String)
  case back(Nickname)
  case notice(String)
  case alert(String)
  case messageOfTheDay(String)
  case nameRefused(Nickname, reason: String, suggestion: Nickname)
}

/// What becomes of hosting in this process.
public enum HostEvent: Sendable {
  /// - Parameter invitation: the command for others.
  case started(invitation: String)
  case failed(reason: String)
}
