/// The sources of the settings, by precedence: command line, environment, file, defaults. Can be read repeatedly.
struct ConfigurationSource: Sendable {
  /// The named file; nil for the file at the default path, if there is one.
  var file: String?
  var standardFile: String?
  var environment = ServerConfiguration()
  var flags = ServerConfiguration()
  /// The settings to read from the file; nil for all.
  var names: Set<String>?

  /// The file to read, and whether it must exist.
  var path: (String, isRequired: Bool)? {
    if let file { return (file, true) }
    return standardFile.map { ($0, false) }
  }

  /// - Returns: the given settings, with defaults for the rest.
  func read() throws(ConfigurationError) -> ServerConfiguration {
    let merged = try given().over(.defaults)
    if let contradiction = merged.contradiction { throw ConfigurationError(contradiction) }
    return merged
  }

  /// - Returns: the given settings, without defaults.
  func given() throws(ConfigurationError) -> ServerConfiguration {
    var merged = ServerConfiguration()
    if let (path, isRequired) = path,
      let file = try ConfigurationFile.read(path, isRequired: isRequired, only: names)
    {
      merged = file
    }
    return flags.over(environment.over(merged))
  }
}
