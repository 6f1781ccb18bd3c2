/// Where this program keeps what must outlast it: `$XDG_STATE_HOME/swiftchat`, or `~/.local/state/swiftchat`.
enum StateFolder {
  /// Nil where there is no home.
  static var path: String? {
    path(stateHome: environmentValue("XDG_STATE_HOME"), home: environmentValue("HOME"))
  }

  static func path(stateHome: String?, home: String?) -> String? {
    // The XDG specification: a relative path is to be ignored.
    if let stateHome, stateHome.hasPrefix("/") { return stateHome + "/swiftchat" }
    if let home, home.hasPrefix("/") { return home + "/.local/state/swiftchat" }
    return nil
  }
}
