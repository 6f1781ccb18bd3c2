extension Configuration {
  /// Reads settings from the text of a file.
  /// - Parameters:
  ///   - toml: the text of the file.
  ///   - file: the file's name, for errors.
  ///   - names: the settings to read, ignoring everything else; nil to read all settings and to refuse everything else.
  init(toml: String, file: String, only names: Set<String>? = nil) throws(ConfigurationError) {
    self.init()
    let document: TOMLDocument
    do {
      document = try TOMLDocument(toml)
    } catch {
      throw ConfigurationError("\(file), line \(error.line): \(error.reason)")
    }
    for entry in document.entries {
      if let names, !Self.concerns(entry, names) { continue }
      do {
        try read(entry)
      } catch {
        throw ConfigurationError("\(file), line \(entry.line): \(error.description)")
      }
    }
    if names == nil, let contradiction { throw ConfigurationError(contradiction.description(in: file)) }
  }

  private static func concerns(_ entry: TOMLDocument.Entry, _ names: Set<String>) -> Bool {
    Table.all.contains { setting in
      names.contains(setting.name)
        && (entry.value == nil && setting.isOfMembers ? setting.begins(with: entry.path) : setting.matches(entry.path))
    }
  }

  private mutating func read(_ entry: TOMLDocument.Entry) throws(ConfigurationError) {
    let path = entry.path
    let setting = Table.at(path)
    try checkNames(path)
    guard let value = entry.value else {
      guard Self.isTable(path) else { throw Self.unknown(path) }
      if path.count > 1 { headers[path] = entry.line }
      return
    }
    let name = Self.display(path)
    guard let setting else {
      if Self.isTable(path) { throw ConfigurationError("\(name) is \(value), which is no table [\(name)]") }
      throw Self.unknown(path)
    }
    guard let read = setting.read(value) else {
      throw ConfigurationError("\(name) \(setting.complaint(value))")
    }
    entries[path] = Entry(value: read, origin: .file(line: entry.line))
  }

  /// Refuses invalid names of members.
  private func checkNames(_ path: [String]) throws(ConfigurationError) {
    guard path.count > 1, let setting = Table.all.first(where: { $0.begins(with: path) }), setting.pattern[1] == "*"
    else { return }
    guard let refusal = Table.refusal(ofMember: path[1], in: path[0]) else { return }
    throw ConfigurationError("\(ConfigurationValue.string(path[1])) in [\(path[0]).…] \(refusal)")
  }

  private static func isTable(_ path: [String]) -> Bool {
    Table.all.contains { path.count < $0.pattern.count && $0.begins(with: path) }
  }

  // MARK: Unknown names

  private static func unknown(_ path: [String]) -> ConfigurationError {
    let name = path.joined(separator: ".")
    let meant = Spelling.closest(to: name, among: Table.all.map { filled($0.pattern, from: path) } + tables(like: path))
    let hint = meant.map { "did you mean \($0)?" } ?? "there are \(keys(beside: path))"
    return ConfigurationError("unknown key \(ConfigurationValue.text(display(path))); \(hint)")
  }

  /// A setting's name, with the names of members as the user wrote them.
  private static func filled(_ pattern: [String], from path: [String]) -> String {
    pattern.enumerated().map { index, part in part == "*" && index < path.count ? path[index] : part }
      .joined(separator: ".")
  }

  private static func tables(like path: [String]) -> [String] {
    var names: [String] = []
    for pattern in Table.all.map(\.pattern) {
      for count in 1..<pattern.count {
        let name = filled(Array(pattern.prefix(count)), from: path)
        if !names.contains(name) { names.append(name) }
      }
    }
    return names
  }

  /// The names of the settings in the table of the path, or of all settings outside tables and all tables, in words.
  private static func keys(beside path: [String]) -> String {
    let table = path.dropLast()
    if !table.isEmpty {
      let inside = Table.all.filter { $0.pattern.count == path.count && $0.begins(with: Array(table)) }
      if !inside.isEmpty { return inside.compactMap(\.pattern.last).joined(separator: ", ") }
    }
    let outside = Table.all.filter { $0.table == nil }.map(\.name)
    let tables = Set(Table.all.compactMap { $0.pattern.count > 1 ? $0.pattern[0] : nil }).sorted()
    return (outside + tables.map { "[\($0)]" }).joined(separator: ", ")
  }

  /// A place in the file as the user writes it.
  static func display(_ path: [String]) -> String {
    path.map { TOMLText.key($0) }.joined(separator: ".")
  }
}
