/// Where the settings come from: what is on the command line wins over the environment, that over the file, that over
/// the defaults. Can be asked again and again.
struct ConfigurationSource: Sendable {
  /// The file that was named; nil: the one at the usual place, where it is there.
  var file: String?
  var standardFile: String?
  var environment = ServerConfiguration()
  var flags = ServerConfiguration()
  /// What is looked at of the file; nil: all of it.
  var names: Set<String>?

  /// The file that is read now, and whether it must be there.
  var path: (String, isRequired: Bool)? {
    if let file { return (file, true) }
    return standardFile.map { ($0, false) }
  }

  /// - Returns: all that is given, and the defaults for the rest.
  func read() throws(ConfigurationError) -> ServerConfiguration {
    let merged = try given().over(.defaults)
    if let contradiction = merged.contradiction { throw ConfigurationError(contradiction) }
    return merged
  }

  /// - Returns: all that is given, without the defaults.
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
