/// Where the settings come from: what is on the command line wins over the environment, that over the file, that over
/// the defaults. Can be asked again and again.
struct ConfigurationSource: Sendable {
  /// The file that was named; nil: the one at the usual place, where it is there.
  var file: String?
  var standardFile: String?
  var environment = ServerConfiguration()
  var flags = ServerConfiguration()

  /// The file that is read now, and whether it must be there.
  var path: (String, isRequired: Bool)? {
    if let file { return (file, true) }
    return standardFile.map { ($0, false) }
  }

  /// - Returns: all that is given, and the defaults for the rest.
  func read() throws(ConfigurationError) -> ServerConfiguration {
    var merged = ServerConfiguration.defaults
    if let (path, isRequired) = path, let file = try ConfigurationFile.read(path, isRequired: isRequired) {
      merged = file.over(merged)
    }
    merged = flags.over(environment.over(merged))
    if let contradiction = merged.contradiction { throw ConfigurationError(contradiction) }
    return merged
  }
}
