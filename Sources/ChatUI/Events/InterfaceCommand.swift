import ChatModel
import ChatProtocol

/// A request by the user, for the program around the interface to carry out.
public enum InterfaceCommand: Hashable, Sendable {
  /// For the client session. The program also saves a send, and stores a trusted pin.
  case client(ClientCommand)
  /// Use this name at other servers and in later runs, too. A server has accepted it.
  case rememberName(Nickname)
  /// Open another server; answered by `InterfaceEvent.opened`. If the server is open, start another attempt.
  case connect(ShareLink)
  /// Close a server after saving its state; answered by `InterfaceEvent.closed`.
  case disconnect(Endpoint)
  /// Host a server at the address of the server.
  case host
  case bell
  /// Copy this text to the clipboard.
  case copy(String)
  /// Open this link with the program that the settings name.
  case openLink(String)
  /// Report a message by the ways that the settings name.
  case notify(Notification)
  /// Let the terminal report the mouse, or not.
  case useMouse(Bool)
  case redraw
  case suspend
  /// Let an editor compose a text, once the waiting events have been handled. Answered by `InterfaceEvent.composing`,
  /// after which `Interface.textToCompose` is the text to edit, and at the end by `InterfaceEvent.composed`.
  case compose
  /// Quit after saving all typed text; answered by `InterfaceEvent.saveFailed` if saving fails.
  case quit
  /// Quit even if typed text is lost.
  case quitUnsaved
  /// A typed line was neither sent nor carried out: an error in a command, for instance. The reason is printed.
  case lineRefused
  /// Save these view settings for the next run.
  case rememberView(ViewSettings)
}

/// A command of the interface, and the server that it is for.
public struct ServerCommand: Hashable, Sendable {
  /// The server of commands that concern one: `client` and `host`.
  public let server: Endpoint
  public let command: InterfaceCommand
}
