import Terminal

/// The input of the diagnosis.
struct DoctorFacts {
  var encoding = LocaleEncoding.utf8
  /// The value of the variable that selects the encoding.
  var locale = ""
  /// `TERM`
  var type = ""
  /// The entry of the type; nil if there is none.
  var entry: TerminalType?
  var noColor = false
  /// Whether standard input and output are a terminal.
  var isTerminal = true
  /// Nil if the terminal was not asked.
  var answers: TerminalAnswers?
  /// Nil if the key was not asked for.
  var alt: AltAnswer?
  /// The options of tmux; nil outside of it.
  var tmux: [String: String]?
  /// `TERM_PROGRAM`
  var program = ""

  /// Whether the terminal is known to read control strings.
  var readsStrings: Bool {
    !["", "dumb", "emacs", "linux", "unknown"].contains(type) && !type.hasPrefix("vt") && !type.hasPrefix("ansi")
  }
}
