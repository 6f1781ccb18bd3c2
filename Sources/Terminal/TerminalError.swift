/// The reason why the terminal could not be opened, with a remedy, in one line.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Standard input or standard output is not a terminal.
  case notATerminal
  /// Another job has the terminal, and no shell can bring this one to the foreground.
  case inBackground
  /// `TERM` names a terminal whose cursor cannot be moved.
  case incapable(type: String)
  /// The terminfo database has neither the type that `TERM` names nor a common substitute.
  case unknown(type: String)
  /// This process has already opened the terminal.
  case alreadyOpen

  public var description: String {
    switch self {
    case .notATerminal:
      "standard input and output must be a terminal; swiftchat connect --plain works without one"
    case .inBackground: "the terminal belongs to another program; start swiftchat in the foreground, without &"
    case .incapable(let type):
      "the terminal type \"\(type)\" cannot show a full screen; if yours can, try TERM=xterm-256color"
    case .unknown(let type):
      "the terminal type \"\(type)\" is unknown on this system; install its terminfo entries, or try TERM=xterm"
    case .alreadyOpen: "the terminal is in use by this program already"
    }
  }
}
