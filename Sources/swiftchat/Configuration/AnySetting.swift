/// A setting with values of any type.
struct AnySetting<Table: SettingsTable>: Sendable {
  /// The name in the file, with `*` for the name of a member.
  let name: String
  /// The parts of the name.
  let pattern: [String]
  let text: String
  let isLive: Bool
  /// The allowed values in words.
  let allowed: String
  /// The line of the sample file.
  let sample: String
  /// The reason why a value is refused, as the rest of a sentence that begins with the name of the setting.
  let complaint: @Sendable (ConfigurationValue) -> String
  /// - Returns: the value to store; nil if it is not allowed.
  let read: @Sendable (ConfigurationValue) -> (any Sendable)?
  /// A stored value as written in the file; nil if it does not belong to this setting.
  let write: @Sendable (any Sendable) -> String?
  /// The default; nil if there is none.
  let standard: (any Sendable)?
  private let isEqual: @Sendable ((any Sendable)?, (any Sendable)?) -> Bool

  init<Value>(_ setting: Setting<Table, Value>) {
    (name, text, isLive, allowed) = (setting.name, setting.text, setting.isLive, setting.form.allowed)
    pattern = setting.path()
    let note = setting.note.map { "  # \($0)" } ?? ""
    sample = "\(setting.path().last ?? "") = \(setting.form.write(setting.sample))\(note)"
    complaint = { value in
      guard !setting.form.isSecret else { return "is not \(setting.form.allowed)" }
      return "is \(value), \(setting.form.refusal(value) ?? "which is not \(setting.form.allowed)")"
    }
    read = { setting.form.read($0) }
    write = { ($0 as? Value).map(setting.form.write) }
    standard = setting.standard
    isEqual = { $0 as? Value == $1 as? Value }
  }

  /// Whether the setting stands at this place of the file.
  func matches(_ path: [String]) -> Bool { path.count == pattern.count && begins(with: path) }

  /// Whether the setting stands at this place or in this table.
  func begins(with path: [String]) -> Bool {
    path.count <= pattern.count && zip(path, pattern).allSatisfy { $1 == "*" ? !$0.isEmpty : $0 == $1 }
  }

  /// Whether each member of a table has a value of its own.
  var isOfMembers: Bool { pattern.contains("*") }

  /// The table of the settings file, with `*` for the name of a member; nil for a setting outside tables.
  var table: String? { pattern.count > 1 ? pattern.dropLast().joined(separator: ".") : nil }

  /// The environment variable: `SWIFTCHAT_IDLE_TIMEOUT`, `SWIFTCHAT_LIMITS_LINE_BURST`. Nil if each member of a table
  /// has a value of its own.
  var variable: String? {
    isOfMembers
      ? nil : Table.variablePrefix + String(name.uppercased().map { $0 == "-" || $0 == "." ? "_" : $0 })
  }

  // MARK: Configurations

  /// Copies the setting from the first configuration to the second if the first has it.
  func copy(_ from: Configuration<Table>, _ to: inout Configuration<Table>) {
    for path in from.paths(of: self) { to.entries[path] = from.entries[path] }
  }

  /// Copies the setting, even if the first configuration does not have it.
  func assign(_ from: Configuration<Table>, _ to: inout Configuration<Table>) {
    for path in to.paths(of: self) { to.entries[path] = nil }
    copy(from, &to)
  }

  func isSame(_ one: Configuration<Table>, _ other: Configuration<Table>) -> Bool {
    Set(one.paths(of: self) + other.paths(of: self)).allSatisfy { path in
      isEqual(one.entries[path]?.value, other.entries[path]?.value)
    }
  }
}
