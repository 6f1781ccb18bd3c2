/// All settings with their values and the source of each value, in the form of the settings file.
struct ConfigurationListing<Table: SettingsTable>: CustomStringConvertible {
  let configuration: Configuration<Table>

  var description: String {
    var lines: [String] = []
    for setting in Table.all where setting.table == nil { lines.append(line(setting, at: setting.pattern)) }
    for name in tables {
      let settings = Table.all.filter { $0.table == name }
      for path in places(of: settings) {
        lines += ["", "[\(Configuration<Table>.display(path))]"]
        for setting in settings { lines.append(line(setting, at: path + setting.pattern.suffix(1))) }
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The names of the tables, in the order of the rows.
  private var tables: [String] {
    var names: [String] = []
    for name in Table.all.compactMap(\.table) where !names.contains(name) { names.append(name) }
    return names
  }

  /// The places of a table: one, or one for each member.
  private func places(of settings: [AnySetting<Table>]) -> [[String]] {
    guard let first = settings.first else { return [] }
    let path = Array(first.pattern.dropLast())
    guard first.isOfMembers else { return [path] }
    return configuration.members(of: path[0]).map { member in path.map { $0 == "*" ? member : $0 } }
  }

  private func line(_ setting: AnySetting<Table>, at path: [String]) -> String {
    let key = TOMLText.key(path.last ?? "")
    guard let entry = configuration.entries[path], let value = setting.write(entry.value) else {
      guard let implied = Table.implied(setting, by: configuration) else { return "# \(key) is not set" }
      return "#\(key) = \(implied.value)  # \(implied.reason)"
    }
    return "\(key) = \(value)  # \(entry.origin)"
  }
}

extension ConfigurationOrigin: CustomStringConvertible {
  /// `default`, `line 7`, `$SWIFTCHAT_CLIENT_LAYOUT`, `command line`
  var description: String {
    switch self {
    case .standard: "default"
    case .file(let line): "line \(line)"
    case .environment(let variable): "$\(variable)"
    case .flag: "command line"
    }
  }
}
