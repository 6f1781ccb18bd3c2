#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The file that settings are read from.
enum ConfigurationFile {
  /// More is not a file of settings.
  private static let maximumBytes = 1 << 20

  /// Where it is looked for if none is named: `$XDG_CONFIG_HOME/swiftchat/server.toml`, or else in `~/.config`.
  static func standardPath(configHome: String?, home: String?) -> String? {
    // The XDG specification: a relative path is to be ignored.
    if let configHome, configHome.hasPrefix("/") { return configHome + "/swiftchat/server.toml" }
    if let home, home.hasPrefix("/") { return home + "/.config/swiftchat/server.toml" }
    return nil
  }

  /// - Parameter isRequired: whether it is an error that it is not there.
  /// - Returns: nil where it is not there.
  static func read(_ path: String, isRequired: Bool) throws(ConfigurationError) -> ServerConfiguration? {
    let text: String
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      guard data.count <= maximumBytes else {
        throw ConfigurationError("\(path): it is larger than \(maximumBytes) bytes")
      }
      guard let valid = String(validating: data, as: UTF8.self) else {
        throw ConfigurationError("\(path): it is not UTF-8 text")
      }
      text = valid
    } catch let error as ConfigurationError {
      throw error
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      guard isRequired else { return nil }
      throw ConfigurationError("cannot read the settings from \(path): there is no such file")
    } catch let error as CocoaError where error.code == .fileReadNoPermission {
      throw ConfigurationError("cannot read the settings from \(path): no permission")
    } catch {
      throw ConfigurationError("cannot read the settings from \(path): \(error)")
    }
    return try ServerConfiguration(toml: text, file: path)
  }
}
