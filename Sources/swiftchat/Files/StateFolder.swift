import CommandSupport

/// The folder for persistent state: `$XDG_STATE_HOME/swiftchat`, or `~/.local/state/swiftchat`.
enum StateFolder {
  /// Nil if there is no home directory.
  static var path: String? {
    path(stateHome: environmentValue("XDG_STATE_HOME"), home: environmentValue("HOME"))
  }

  static func path(stateHome: String?, home: String?) -> String? {
    // The XDG specification: a relative path must be ignored.
    if let stateHome, stateHome.hasPrefix("/") { return stateHome + "/swiftchat" }
    if let home, home.hasPrefix("/") { return home + "/.local/state/swiftchat" }
    return nil
  }
}
