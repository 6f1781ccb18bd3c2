/// One setting: what it is called, what it may be, and where it stands.
struct ConfigurationKey: Sendable {
  /// As in the file; behind a dot where it is in a table.
  let name: String
  /// What it may be, in words.
  let allowed: String
  /// What is wrong with a value that is not allowed, behind "is 'x', ".
  let refusal: @Sendable (ConfigurationValue) -> String
  /// Whether it can change without a restart.
  let isLive: Bool
  /// - Returns: false where the value is not allowed.
  let read: @Sendable (ConfigurationValue, inout ServerConfiguration) -> Bool
  /// Takes it over from one to the other, where it is given.
  let copy: @Sendable (ServerConfiguration, inout ServerConfiguration) -> Void
  /// Takes it over, also where it is not given.
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

  /// What it is called in the environment: `SWIFTCHAT_IDLE_TIMEOUT`, `SWIFTCHAT_LIMITS_LINE_BURST`.
  var variable: String {
    "SWIFTCHAT_" + String(name.uppercased().map { $0 == "-" || $0 == "." ? "_" : $0 })
  }

  static func named(_ name: String) -> ConfigurationKey? { all.first { $0.name == name } }
}
