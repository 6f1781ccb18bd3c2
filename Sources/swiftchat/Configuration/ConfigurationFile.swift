import CommandSupport

/// The settings file of a table of settings.
enum ConfigurationFile<Table: SettingsTable> {
  /// The default path, such as `$XDG_CONFIG_HOME/swiftchat/server.toml`, or else in `~/.config`.
  static func standardPath(configHome: String?, home: String?) -> String? {
    // The XDG specification: a relative path must be ignored.
    if let configHome, configHome.hasPrefix("/") { return "\(configHome)/swiftchat/\(Table.fileName)" }
    if let home, home.hasPrefix("/") { return "\(home)/.config/swiftchat/\(Table.fileName)" }
    return nil
  }

  /// The file that `Table.fileVariable` names.
  /// - Parameter text: the value of the variable.
  /// - Returns: nil if the variable is empty or not set.
  static func path(named text: String?) throws(ConfigurationError) -> String? {
    guard let text, !text.isEmpty else { return nil }
    do { return try PathText.resolve(text) } catch {
      throw ConfigurationError("\(Table.fileVariable) is \(ConfigurationValue.text(text)), which \(error.reason)")
    }
  }

  /// - Parameters:
  ///   - isRequired: whether a missing file is an error.
  ///   - names: the settings to read; nil for all.
  /// - Returns: nil if the file does not exist.
  static func read(
    _ path: String, isRequired: Bool, only names: Set<String>? = nil
  ) throws(ConfigurationError) -> Configuration<Table>? {
    let text: String
    do {
      // A larger file is not a settings file.
      text = try TextFile.read(path, maximumBytes: 1 << 20).text
    } catch {
      if error.isMissing, !isRequired { return nil }
      throw ConfigurationError("cannot read the settings from \(path): \(error.reason)")
    }
    return try Configuration(toml: text, file: path, only: names)
  }
}
