extension ServerConfiguration {
  /// What the environment says.
  /// - Parameter value: of a variable.
  init(environment value: (String) -> String?) throws(ConfigurationError) {
    self.init()
    for key in ConfigurationKey.all {
      guard let text = value(key.variable), !text.isEmpty else { continue }
      guard key.read(.text(text), &self) else {
        throw ConfigurationError(
          "\(key.variable) is \(ConfigurationValue.text(text)), which is not \(key.allowed).")
      }
    }
  }
}
