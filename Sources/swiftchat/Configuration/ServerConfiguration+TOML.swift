import TOMLKit

extension ServerConfiguration {
  /// What a file says.
  /// - Parameters:
  ///   - toml: its text.
  ///   - file: what it is called, for the error.
  init(toml: String, file: String) throws(ConfigurationError) {
    self.init()
    let lines = ConfigurationLines(toml)
    let table: TOMLTable
    do {
      // The parser takes a zero byte for the end.
      guard !toml.utf8.contains(0) else { throw ConfigurationError("\(file): it has a zero byte") }
      table = try TOMLTable(string: toml)
    } catch let error as TOMLParseError {
      let description = error.description.split(whereSeparator: \.isNewline).joined(separator: " ")
      throw ConfigurationError("\(file), line \(error.source.begin.line): \(description)")
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError("\(file): \(error)")
    }
    try read(table, prefix: "", place: { lines.place(of: $0, in: file) })
    if let contradiction { throw ConfigurationError("\(file): \(contradiction)") }
  }

  /// - Parameter prefix: of the names of its keys. Tables are not nested: this goes one deep.
  private mutating func read(
    _ table: TOMLTable, prefix: String, place: (String) -> String
  ) throws(ConfigurationError) {
    for name in table.keys {
      let fullName = prefix + name
      // A name with a zero byte reads shorter than it is.
      guard let value = table[name] else { throw ConfigurationError("\(place(fullName)): unknown key") }
      if prefix.isEmpty, Self.tables.contains(name), let inner = value.table {
        try read(inner, prefix: "\(name).", place: place)
        continue
      }
      guard let key = ConfigurationKey.named(fullName) else {
        let shown = ConfigurationValue.text(fullName)
        if prefix.isEmpty, Self.tables.contains(name) {
          throw ConfigurationError(
            "\(place(fullName)): \(name) is \(ConfigurationValue(value)), which is no table [\(name)]")
        }
        throw ConfigurationError("\(place(fullName)): unknown key \(shown); there are \(Self.keys(prefix))")
      }
      let found = ConfigurationValue(value)
      guard key.read(found, &self) else {
        throw ConfigurationError("\(place(fullName)): \(fullName) is \(found), which is not \(key.allowed)")
      }
    }
  }

  private static let tables: Set<String> = ["limits", "tls"]

  /// The names that may stand in a table.
  private static func keys(_ prefix: String) -> String {
    let names = ConfigurationKey.all.map(\.name)
    if prefix.isEmpty {
      return (names.filter { !$0.contains(".") } + tables.sorted().map { "[\($0)]" }).joined(separator: ", ")
    }
    return names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.joined(separator: ", ")
  }
}

extension ConfigurationValue {
  init(_ value: any TOMLValueConvertible) {
    switch value.type {
    case .string: self = value.string.map(Self.string) ?? .other("text")
    case .int: self = value.int.map(Self.integer) ?? .other("number")
    case .double: self = value.double.map(Self.real) ?? .other("number")
    case .bool: self = value.bool.map(Self.boolean) ?? .other("boolean")
    case .array: self = value.array.map { .list($0.map { Self(flat: $0) }) } ?? .other("list")
    case .table: self = .other("table")
    case .date, .time, .dateTime: self = .other("date or time")
    }
  }

  /// No setting is a list of lists.
  private init(flat value: any TOMLValueConvertible) {
    self = value.type == .array ? .other("list") : Self(value)
  }
}
