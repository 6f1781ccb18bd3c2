import ChatUI

/// What came from the person, or from the terminal itself.
public enum TerminalEvent: Hashable, Sendable {
  case key(Key)
  /// Text that was pasted, as one piece: valid UTF-8, lines end in LF, control characters are still in it. What
  /// exceeds the limit is cut off.
  case paste(String)
  /// The terminal has this size from now on; what was drawn is gone.
  case resized(Screen.Size)
  /// Whether the person looks at this terminal, if the terminal can tell.
  case focus(Bool)
  /// SIGTERM, SIGHUP or SIGINT arrived. The program should save and close the terminal.
  case terminated(signal: Int32)
  /// Nobody is at the other end any more. The last event; nothing can be drawn.
  case hungUp
}
