extension ServerConfiguration {
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
      if let names, !names.contains(entry.path.joined(separator: ".")) { continue }
      do {
        try read(entry)
      } catch {
        throw ConfigurationError("\(file), line \(entry.line): \(error.description)")
      }
    }
    if names == nil, let contradiction { throw ConfigurationError("\(file): \(contradiction)") }
  }

  private mutating func read(_ entry: TOMLDocument.Entry) throws(ConfigurationError) {
    // A quoted name with a dot is not a table.
    guard let name = entry.path.last, entry.path.allSatisfy({ !$0.contains(".") }) else {
      throw Self.unknown(entry.path)
    }
    guard let value = entry.value else {
      guard entry.path.count == 1, Self.tables.contains(name) else { throw Self.unknown(entry.path) }
      return
    }
    let fullName = entry.path.joined(separator: ".")
    guard let setting = Settings.named(fullName) else {
      if entry.path.count == 1, Self.tables.contains(name) {
        throw ConfigurationError("\(name) is \(value), which is no table [\(name)]")
      }
      throw Self.unknown(entry.path)
    }
    guard setting.read(value, &self) else {
      throw ConfigurationError("\(fullName) is \(value), \(setting.refusal(value))")
    }
  }

  private static let tables = Set(Settings.all.compactMap(\.table))

  private static func unknown(_ path: [String]) -> ConfigurationError {
    let name = path.joined(separator: ".")
    let all = Settings.all.map(\.name) + tables
    let isInTable = path.count > 1 && path.first.map(tables.contains) == true
    let hint =
      Spelling.closest(to: name, among: all).map { "did you mean \($0)?" }
      ?? "there are \(keys(isInTable ? path.first.map { $0 + "." } ?? "" : ""))"
    return ConfigurationError("unknown key \(ConfigurationValue.text(name)); \(hint)")
  }

  /// The names of the settings in a table, in words.
  private static func keys(_ prefix: String) -> String {
    let names = Settings.all.map(\.name)
    if prefix.isEmpty {
      return (names.filter { !$0.contains(".") } + tables.sorted().map { "[\($0)]" }).joined(separator: ", ")
    }
    return names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.joined(separator: ", ")
  }
}
