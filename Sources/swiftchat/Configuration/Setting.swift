import ArgumentParser

/// One setting of the server. Its row in `Settings` is the only place that knows its name, allowed values, default and
/// description: the settings file, the environment, the sample file, the help of its flag and the effect of a reload
/// follow from the row.
struct Setting<Value: Equatable & Sendable>: Sendable {
  /// The name in the file; after a dot if the setting is in a table.
  let name: String
  let form: ConfigurationForm<Value>
  /// Nil if there is no default.
  let standard: Value?
  /// The value in the sample file.
  let sample: Value
  /// The description in the sample file. Empty if the description of the previous row covers this setting.
  let text: String
  /// Whether a change takes effect without a restart.
  let isLive: Bool
  /// Nil if there is no flag.
  let flag: FlagHelp?

  /// The help of a command-line flag.
  struct FlagHelp: Sendable {
    /// Without the default.
    let text: String
    var valueName: String?
    /// The default in words; nil for the default value.
    var standard: String?
  }

  /// A setting with a default.
  init(
    _ name: String, _ form: ConfigurationForm<Value>, default standard: Value, isLive: Bool = true, _ text: String = "",
    flag: FlagHelp? = nil
  ) {
    (self.name, self.form, self.standard, sample) = (name, form, standard, standard)
    (self.isLive, self.text, self.flag) = (isLive, text, flag)
  }

  /// A setting without a default.
  init(
    _ name: String, _ form: ConfigurationForm<Value>, example: Value, isLive: Bool = true, _ text: String = "",
    flag: FlagHelp? = nil
  ) {
    (self.name, self.form, standard, sample) = (name, form, nil, example)
    (self.isLive, self.text, self.flag) = (isLive, text, flag)
  }

  /// The help of the flag, with the default.
  var help: ArgumentHelp {
    guard let flag else { return .hidden }
    let standard = flag.standard ?? standard.map(form.word)
    return ArgumentHelp(
      "\(flag.text)\(standard.map { " (default: \($0))" } ?? "")", valueName: flag.valueName)
  }
}

/// A setting with values of any type.
struct AnySetting: Sendable {
  let name: String
  let text: String
  let isLive: Bool
  /// The allowed values in words.
  let allowed: String
  /// The line of the sample file.
  let sample: String
  /// The reason for refusing a value, to follow "is 'x', ".
  let refusal: @Sendable (ConfigurationValue) -> String
  /// Sets the setting from a value.
  /// - Returns: false if the value is not allowed.
  let read: @Sendable (ConfigurationValue, inout ServerConfiguration) -> Bool
  /// Copies the setting from the first configuration to the second if the first has it.
  let copy: @Sendable (ServerConfiguration, inout ServerConfiguration) -> Void
  /// Copies the setting, even if the first configuration does not have it.
  let assign: @Sendable (ServerConfiguration, inout ServerConfiguration) -> Void
  /// Sets the default, if there is one.
  let reset: @Sendable (inout ServerConfiguration) -> Void
  let isSame: @Sendable (ServerConfiguration, ServerConfiguration) -> Bool
  let isGiven: @Sendable (ServerConfiguration) -> Bool

  init<Value>(_ setting: Setting<Value>) {
    (name, text, isLive, allowed) = (setting.name, setting.text, setting.isLive, setting.form.allowed)
    sample = "\(setting.name.split(separator: ".").last ?? "") = \(setting.form.write(setting.sample))"
    refusal = { setting.form.refusal($0) ?? "which is not \(setting.form.allowed)" }
    read = { value, configuration in
      guard let read = setting.form.read(value) else { return false }
      configuration[setting] = read
      return true
    }
    copy = { from, to in
      if let value = from[setting] { to[setting] = value }
    }
    assign = { from, to in to[setting] = from[setting] }
    reset = { configuration in configuration[setting] = setting.standard }
    isSame = { $0[setting] == $1[setting] }
    isGiven = { $0[setting] != nil }
  }

  /// The table of the settings file; nil for a setting outside tables.
  var table: String? { name.firstIndex(of: ".").map { String(name[..<$0]) } }

  /// The environment variable: `SWIFTCHAT_IDLE_TIMEOUT`, `SWIFTCHAT_LIMITS_LINE_BURST`.
  var variable: String {
    "SWIFTCHAT_" + String(name.uppercased().map { $0 == "-" || $0 == "." ? "_" : $0 })
  }
}
