import ChatModel
import ChatProtocol
import TerminalTypes

/// Input of the interface: from the terminal, the client session and the disk.
public enum InterfaceEvent: Sendable, Codable {
  case key(Key)
  /// Text from the clipboard: a paste alone never sends anything.
  case paste(String)
  /// A typed line without its end, in a client that prints lines.
  case line(String)
  /// - Parameter targets: of the last frame that was drawn.
  case mouse(MouseEvent, over: MouseTargets)
  case resized(Screen.Size)
  /// Whether the window has the focus, as far as the terminal reports it.
  case focused(Bool)
  /// The clock, at least once a minute while nothing else happens, and each second while `Interface.isCountingDown`.
  case time(Timestamp)
  /// An event of one server; ignored if it is not open.
  case server(Endpoint, ServerEvent)
  /// The program has opened another server and connects to it.
  case opened(ServerOpening)
  /// The program has closed a server, as `InterfaceCommand.disconnect` asked, and saved its state.
  case closed(Endpoint)
  /// A line of the program's own, for the tab on the screen.
  case notice(String)
  /// An error of the program's own, for the tab on the screen.
  case alert(String)
  /// The settings file changed.
  case preferences(Preferences)
  /// The editor that `InterfaceCommand.compose` asks for is about to start.
  case composing
  /// The editor that `InterfaceCommand.compose` started has ended, or could not start.
  case composed(CompositionResult)
}

/// Input of the interface that concerns one server.
public enum ServerEvent: Sendable, Codable {
  case client(ClientEvent)
  case host(HostEvent)
  /// A recent `Interface.memory` was written to disk.
  case saved
  /// - Parameters:
  ///   - reason: a sentence without the full stop.
  ///   - isLeaving: whether this answers `InterfaceCommand.quit`. If saving failed for several servers, only the last
  ///     of their events does.
  case saveFailed(reason: String, isLeaving: Bool)
  /// A line of the program's own, for the server's current tab.
  case notice(String)
  /// An error of the program's own, for the server's current tab.
  case alert(String)
  /// Sends that another client of the same user left behind when it ended; this client is sending them.
  case recovered([OutgoingMessage])
}

/// A server that is opened beside others.
public struct ServerOpening: Sendable, Codable {
  public var endpoint: Endpoint
  /// The requested nickname.
  public var name: Nickname
  /// The saved state of earlier conversations with the server.
  public var memory: InterfaceMemory
  /// Whether its tabs are shown at once.
  public var isShown: Bool
  /// True if the user gave the name on the command line: it is remembered once the server has accepted it. Otherwise
  /// nil.
  public var isNameGiven: Bool?

  public init(
    _ endpoint: Endpoint, as name: Nickname, memory: InterfaceMemory, isShown: Bool, isNameGiven: Bool? = nil
  ) {
    (self.endpoint, self.name, self.memory, self.isShown) = (endpoint, name, memory, isShown)
    self.isNameGiven = isNameGiven
  }
}

/// The state of hosting in this process.
public enum HostEvent: Sendable, Codable {
  /// - Parameter invitation: the command that other users connect with.
  case started(invitation: String)
  case failed(reason: String)
}
