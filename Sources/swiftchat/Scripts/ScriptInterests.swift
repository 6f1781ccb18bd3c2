import ChatClient
import ChatProtocol

/// What the commands for scripts request: no more than they need, because a server may see one a minute from each of
/// its users.
enum ScriptInterests {
  /// To write and to read messages.
  case messages
  case people
  case rooms

  var client: ClientInterests {
    switch self {
    case .messages:
      ClientInterests(capabilities: [.tags, .rooms, .history, .resume, .keys], people: false, firstPages: false)
    case .people: ClientInterests(capabilities: [.tags, .rooms, .resume, .keys])
    case .rooms: ClientInterests(capabilities: [.tags, .rooms, .resume, .keys], people: false)
    }
  }
}
