/// Values of settings: all of them, or those from one source. Read with a row of the table:
/// `configuration[ServerSetting.port]`.
struct Configuration<Table: SettingsTable>: Sendable {
  struct Entry: Sendable {
    var value: any Sendable
    var origin: ConfigurationOrigin
  }

  /// By the place in the file. Only the given settings.
  var entries: [[String]: Entry] = [:]
  /// The lines of the headers of tables that are named by the user, such as `[servers.work]`, by the place in the file.
  var headers: [[String]: Int] = [:]

  /// Nil if the setting is not given.
  subscript<Value>(_ setting: Setting<Table, Value>) -> Value? {
    get { entries[setting.path()]?.value as? Value }
    set { entries[setting.path()] = newValue.map { Entry(value: $0, origin: .flag) } }
  }

  /// The setting of a member of a table, in place of the `*` in its name. Nil if it is not given.
  subscript<Value>(_ setting: Setting<Table, Value>, in member: String) -> Value? {
    entries[setting.path(in: member)]?.value as? Value
  }

  /// The source of a setting's value; nil if the setting is not given.
  func origin<Value>(of setting: Setting<Table, Value>, in member: String? = nil) -> ConfigurationOrigin? {
    entries[setting.path(in: member)]?.origin
  }

  /// The places where the setting is given; at most one unless members have values of their own, then by name.
  func paths(of setting: AnySetting<Table>) -> [[String]] {
    guard setting.isOfMembers else { return entries[setting.pattern] == nil ? [] : [setting.pattern] }
    return entries.keys.filter(setting.matches).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The names of the members of a table, in the order of the file.
  func members(of table: String) -> [String] {
    var lines: [String: Int] = [:]
    for (path, entry) in entries where path.count > 2 && path[0] == table {
      lines[path[1]] = min(lines[path[1]] ?? .max, entry.origin.line ?? .max)
    }
    for (path, line) in headers where path.count > 1 && path[0] == table {
      lines[path[1]] = min(lines[path[1]] ?? .max, line)
    }
    return lines.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  /// The first line of the file with a setting or header in this table; nil if there is none.
  func firstLine(of table: [String]) -> Int? {
    let settings = entries.filter { $0.key.starts(with: table) }.compactMap(\.value.origin.line)
    return (settings + headers.filter { $0.key.starts(with: table) }.map(\.value)).min()
  }

  /// The default settings.
  static var defaults: Self {
    var defaults = Self()
    for setting in Table.all where !setting.isOfMembers {
      defaults.entries[setting.pattern] = setting.standard.map { Entry(value: $0, origin: .standard) }
    }
    return defaults
  }

  /// These settings, completed by other ones.
  func over(_ other: Self) -> Self {
    var merged = other
    Table.exclude(&merged, by: self)
    merged.entries.merge(entries) { $1 }
    merged.headers.merge(headers) { $1 }
    return merged
  }

  /// The contradiction between given settings; nil if there is none.
  var contradiction: ConfigurationContradiction? { Table.contradiction(in: self) }
}

extension Configuration: Equatable {
  /// Whether all values are the same, from any source.
  static func == (one: Self, other: Self) -> Bool { Table.all.allSatisfy { $0.isSame(one, other) } }
}

/// The source of a setting's value.
enum ConfigurationOrigin: Hashable, Sendable {
  case standard
  case file(line: Int)
  case environment(variable: String)
  case flag

  /// The line of the file; nil if the value is not from the file.
  var line: Int? { if case .file(let line) = self { line } else { nil } }
}
