/// One setting: its name, its allowed values, and its place in `ServerConfiguration`.
struct ConfigurationKey: Sendable {
  /// The name in the file; after a dot if the setting is in a table.
  let name: String
  /// The allowed values in words.
  let allowed: String
  /// The reason for refusing a value, to follow "is 'x', ".
  let refusal: @Sendable (ConfigurationValue) -> String
  /// Whether a change takes effect without a restart.
  let isLive: Bool
  /// Sets the setting from a value.
  /// - Returns: false if the value is not allowed.
  let read: @Sendable (ConfigurationValue, inout ServerConfiguration) -> Bool
  /// Copies the setting from the first configuration to the second if the first has it.
  let copy: @Sendable (ServerConfiguration, inout ServerConfiguration) -> Void
  /// Copies the setting, even if the first configuration does not have it.
  let assign: @Sendable (ServerConfiguration, inout ServerConfiguration) -> Void
  let isSame: @Sendable (ServerConfiguration, ServerConfiguration) -> Bool
  let isGiven: @Sendable (ServerConfiguration) -> Bool

  init<Value: Equatable & Sendable>(
    _ name: String, _ path: WritableKeyPath<ServerConfiguration, Value?> & Sendable,
    _ form: ConfigurationForm<Value>, isLive: Bool
  ) {
    self.name = name
    self.isLive = isLive
    allowed = form.allowed
    refusal = { form.refusal($0) ?? "which is not \(form.allowed)" }
    read = { value, configuration in
      guard let read = form.read(value) else { return false }
      configuration[keyPath: path] = read
      return true
    }
    copy = { from, to in
      if let value = from[keyPath: path] { to[keyPath: path] = value }
    }
    assign = { from, to in to[keyPath: path] = from[keyPath: path] }
    isSame = { $0[keyPath: path] == $1[keyPath: path] }
    isGiven = { $0[keyPath: path] != nil }
  }

  /// The environment variable: `SWIFTCHAT_IDLE_TIMEOUT`, `SWIFTCHAT_LIMITS_LINE_BURST`.
  var variable: String {
    "SWIFTCHAT_" + String(name.uppercased().map { $0 == "-" || $0 == "." ? "_" : $0 })
  }

  static func named(_ name: String) -> ConfigurationKey? { all.first { $0.name == name } }
}
