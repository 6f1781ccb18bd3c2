/// The sources of settings, by precedence: command line, environment, file, defaults. Can be read repeatedly.
struct ConfigurationSource<Table: SettingsTable>: Sendable {
  /// The named file; nil for the file at the default path, if there is one.
  var file: String?
  var standardFile: String?
  var environment = Configuration<Table>()
  var flags = Configuration<Table>()
  /// The settings to read from the file; nil for all.
  var names: Set<String>?

  /// The file to read, and whether it must exist.
  var path: (String, isRequired: Bool)? {
    if let file { return (file, true) }
    return standardFile.map { ($0, false) }
  }

  /// - Returns: the given settings, with defaults for the rest.
  func read() throws(ConfigurationError) -> Configuration<Table> {
    let merged = try given().over(.defaults)
    if let contradiction = merged.contradiction { throw ConfigurationError(contradiction.text) }
    return merged
  }

  /// - Returns: the given settings, without defaults.
  func given() throws(ConfigurationError) -> Configuration<Table> {
    var merged = Configuration<Table>()
    if let (path, isRequired) = path,
      let file = try ConfigurationFile<Table>.read(path, isRequired: isRequired, only: names)
    {
      merged = file
    }
    return flags.over(environment.over(merged))
  }
}

extension ConfigurationSource {
  /// The sources of this process.
  /// - Parameters:
  ///   - file: the file that a flag names; nil for the one that the environment names, or else the default path.
  ///   - flags: settings from the command line.
  ///   - environment: returns the value of a variable.
  ///   - names: the settings to read; nil for all.
  init(
    file: String?, flags: Configuration<Table> = Configuration(), environment: (String) -> String?,
    only names: Set<String>? = nil
  ) throws(ConfigurationError) {
    self.file = if let file { file } else { try ConfigurationFile<Table>.path(named: environment(Table.fileVariable)) }
    standardFile = ConfigurationFile<Table>.standardPath(
      configHome: environment("XDG_CONFIG_HOME"), home: environment("HOME"))
    self.environment = try Configuration(environment: environment, only: names)
    self.flags = flags
    self.names = names
  }
}
