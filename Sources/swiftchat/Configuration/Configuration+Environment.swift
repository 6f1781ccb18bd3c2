extension Configuration {
  /// Reads settings from the environment. An empty variable counts as unset.
  /// - Parameters:
  ///   - value: returns the value of a variable.
  ///   - names: the settings to read; nil for all.
  init(environment value: (String) -> String?, only names: Set<String>? = nil) throws(ConfigurationError) {
    self.init()
    for setting in Table.all where names?.contains(setting.name) ?? true {
      guard let variable = setting.variable, let text = value(variable), !text.isEmpty else { continue }
      guard let read = setting.read(.text(text)) else {
        throw ConfigurationError("\(variable) \(setting.complaint(.text(text)))")
      }
      entries[setting.pattern] = Entry(value: read, origin: .environment(variable: variable))
    }
  }

  /// Refuses variables that look like settings but are not: they would be ignored silently.
  /// - Parameter variables: the names of all environment variables.
  static func checkVariables(_ variables: some Sequence<String>) throws(ConfigurationError) {
    let prefix = Table.variablePrefix
    let settings = Table.all.compactMap(\.variable)
    for name in variables.sorted() where name.hasPrefix(prefix) {
      guard !settings.contains(name), name != Table.fileVariable, !Table.isForeign(variable: name) else { continue }
      // The name is that of a table, whose keys are settings.
      let inside = settings.filter { $0.hasPrefix(name + "_") }
      let close = Spelling.closest(
        to: String(name.dropFirst(prefix.count)), among: settings.map { String($0.dropFirst(prefix.count)) })
      let meant = inside.isEmpty ? close.map { [prefix + $0] } ?? [] : inside
      let hint =
        meant.isEmpty ? "unset it, or see 'man swiftchat'" : "did you mean \(meant.joined(separator: " or "))?"
      throw ConfigurationError("unknown variable \(ConfigurationValue.text(name)) in the environment; \(hint)")
    }
  }
}
