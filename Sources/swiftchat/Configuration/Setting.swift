import ArgumentParser

/// One setting. Its row in a `SettingsTable` is the only place that knows its name, allowed values, default and
/// description: the settings file, the environment, the sample file, the help of its flag and the effect of a reload
/// follow from the row.
struct Setting<Table: SettingsTable, Value: Equatable & Sendable>: Sendable {
  /// The name in the file; after a dot if the setting is in a table. A `*` stands for the name of a member:
  /// `servers.*.address` is the address in each table `[servers.NAME]`.
  let name: String
  let form: ConfigurationForm<Value>
  /// Nil if there is no default.
  let standard: Value?
  /// The value in the sample file.
  let sample: Value
  /// The description in the sample file. Empty if the description of the previous row covers this setting.
  let text: String
  /// A short explanation behind the value in the sample file.
  var note: String?
  /// Whether a change takes effect without a restart.
  let isLive: Bool
  /// Nil if there is no flag.
  let flag: FlagHelp?

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

  /// The place in the file.
  /// - Parameter member: the name in place of the `*`.
  func path(in member: String? = nil) -> [String] {
    name.split(separator: ".").map { $0 == "*" ? member ?? "*" : String($0) }
  }

  /// The help of the flag, with the default.
  var help: ArgumentHelp {
    guard let flag else { return .hidden }
    let standard = flag.standard ?? standard.map(form.word)
    return ArgumentHelp(
      "\(flag.text)\(standard.map { " (default: \($0))" } ?? "")", valueName: flag.valueName)
  }
}

/// The help of a command-line flag of a setting.
struct FlagHelp: Sendable {
  /// Without the default.
  let text: String
  var valueName: String?
  /// The default in words; nil for the default value.
  var standard: String?
}
