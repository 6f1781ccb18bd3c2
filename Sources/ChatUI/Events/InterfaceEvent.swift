import ChatModel
import ChatProtocol
import TerminalTypes

/// Input of the interface: from the terminal, the client session and the disk.
public enum InterfaceEvent: Sendable {
  case key(Key)
  /// Text from the clipboard: a paste alone never sends anything.
  case paste(String)
  case resized(Screen.Size)
  /// Whether the window has the focus, as far as the terminal reports it.
  case focused(Bool)
  /// The clock, at least once a minute while nothing else happens, and each second while `Interface.isCountingDown`.
  case time(Timestamp)
  case client(ClientEvent)
  case host(HostEvent)
  /// The client switched to another server; the interface shows the memory of that server.
  case moved(to: Endpoint, InterfaceMemory)
  /// A recent `Interface.memory` was written to disk.
  case saved
  /// - Parameters:
  ///   - reason: a sentence without the full stop.
  ///   - isLeaving: whether this answers `InterfaceCommand.quit`.
  case saveFailed(reason: String, isLeaving: Bool)
  /// A line of the program's own, for the current tab.
  case notice(String)
  /// An error of the program's own, for the current tab.
  case alert(String)
  /// Sends that another client of the same user left behind when it ended; this client is sending them.
  case recovered([OutgoingMessage])
  /// The settings file changed.
  case preferences(Preferences)
  /// The editor that `InterfaceCommand.compose` started has ended, or could not start.
  case composed(CompositionResult)
}

/// The state of hosting in this process.
public enum HostEvent: Sendable {
  /// - Parameter invitation: the command that other users connect with.
  case started(invitation: String)
  case failed(reason: String)
}
