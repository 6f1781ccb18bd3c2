import ChatClient
import ChatProtocol

/// The information that a command for scripts requests from a server. Only as much as it needs: each user of a server
/// may run such a command every minute.
enum ScriptInterests {
  /// For writing and reading messages.
  case messages
  case people
  case rooms

  var client: ClientInterests {
    switch self {
    case .messages:
      ClientInterests(
        capabilities: [.tags, .rooms, .history, .resume, .keys, .lines], people: false, firstPages: false)
    case .people: ClientInterests(capabilities: [.tags, .rooms, .resume, .keys])
    case .rooms: ClientInterests(capabilities: [.tags, .rooms, .resume, .keys], people: false)
    }
  }
}
