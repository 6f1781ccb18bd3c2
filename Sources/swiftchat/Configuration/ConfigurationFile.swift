import CommandSupport

/// The settings file.
enum ConfigurationFile {
  /// A larger file is not a settings file.
  private static let maximumBytes = 1 << 20

  /// The default path: `$XDG_CONFIG_HOME/swiftchat/server.toml`, or else in `~/.config`.
  static func standardPath(configHome: String?, home: String?) -> String? {
    // The XDG specification: a relative path must be ignored.
    if let configHome, configHome.hasPrefix("/") { return configHome + "/swiftchat/server.toml" }
    if let home, home.hasPrefix("/") { return home + "/.config/swiftchat/server.toml" }
    return nil
  }

  /// The file that `SWIFTCHAT_CONFIG` names; nil if the variable is empty or not set.
  static func path(named text: String?) throws(ConfigurationError) -> String? {
    guard let text, !text.isEmpty else { return nil }
    do { return try PathText.resolve(text) } catch {
      throw ConfigurationError("SWIFTCHAT_CONFIG is \(ConfigurationValue.text(text)), which \(error.reason)")
    }
  }

  /// - Parameters:
  ///   - isRequired: whether a missing file is an error.
  ///   - names: the settings to read; nil for all.
  /// - Returns: nil if the file does not exist.
  static func read(
    _ path: String, isRequired: Bool, only names: Set<String>? = nil
  ) throws(ConfigurationError) -> ServerConfiguration? {
    let text: String
    do {
      text = try TextFile.read(path, maximumBytes: maximumBytes).text
    } catch {
      if error.isMissing, !isRequired { return nil }
      throw ConfigurationError("cannot read the settings from \(path): \(error.reason)")
    }
    return try ServerConfiguration(toml: text, file: path, only: names)
  }
}
