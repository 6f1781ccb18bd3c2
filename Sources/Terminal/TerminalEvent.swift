import TerminalTypes

/// An event from the user or the terminal.
public enum TerminalEvent: Hashable, Sendable {
  case key(Key)
  /// Pasted text in one piece: valid UTF-8 with LF line ends; control characters are kept. Text beyond the limit is cut
  /// off.
  case paste(String)
  /// Only while the mouse is used: see `Terminal.useMouse`.
  case mouse(MouseEvent)
  /// The terminal has a new size; the drawn content is lost.
  case resized(Screen.Size)
  /// Whether the terminal has the focus, if it reports that.
  case focus(Bool)
  /// SIGHUP arrived, while the terminal works: a request to read settings again.
  case reloadRequested
  /// SIGTERM or SIGINT arrived, or SIGHUP while the terminal is released. The program should save and close the terminal.
  case terminated(signal: Int32)
  /// The terminal is gone. This is the last event; nothing can be drawn any more.
  case hungUp
}
