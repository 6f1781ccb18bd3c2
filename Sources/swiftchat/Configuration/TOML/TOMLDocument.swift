/// A parsed settings file: a strict reader for the subset of TOML 1.0 that settings need.
///
/// Supported: comments, tables, bare, quoted and dotted keys, strings of all four kinds, integers, floating-point
/// numbers, booleans and arrays of these. Refused, with the line and the kind: inline tables, arrays of tables, arrays
/// within arrays, dates and times, and keys of more than four names.
///
/// A pure value: any text is read or refused in time linear in its length, without recursion.
struct TOMLDocument: Equatable {
  /// `key = value`, or a table's header.
  struct Entry: Equatable {
    /// The key, preceded by the names of its table.
    var path: [String]
    /// Nil for a table.
    var value: ConfigurationValue?
    /// Line number, from 1.
    var line: Int
  }

  /// In the order of the file.
  let entries: [Entry]

  /// - Throws: the first error.
  init(_ text: String) throws(TOMLError) {
    var parser = TOMLParser(text)
    var entries = TOMLEntries()
    while let entry = try parser.next() { try entries.append(entry) }
    self.entries = entries.entries
  }
}

/// An error in a settings file.
struct TOMLError: Error, Equatable {
  /// Line number, from 1.
  let line: Int
  let reason: String
}

/// The entries so far, without duplicates.
struct TOMLEntries {
  private(set) var entries: [TOMLDocument.Entry] = []
  private var table: [String] = []
  private var known: [[String]: TOMLPlace] = [:]

  private struct TOMLPlace {
    var kind: Kind
    var line: Int
  }

  private enum Kind {
    case value
    case table
    /// A part of a dotted key before the last.
    case part
  }

  /// - Parameter entry: with its path as written, without its table.
  mutating func append(_ written: TOMLDocument.Entry) throws(TOMLError) {
    var entry = written
    if entry.value == nil { table = entry.path } else { entry.path = table + entry.path }
    for count in 1..<max(entry.path.count, 1) {
      let part = Array(entry.path.prefix(count))
      guard let place = known[part] else {
        known[part] = TOMLPlace(kind: .part, line: entry.line)
        continue
      }
      guard place.kind != .value else { throw conflict(part, entry.line, "has a value in line \(place.line)") }
    }
    let kind: Kind = entry.value == nil ? .table : .value
    if let place = known[entry.path], !(place.kind == .part && kind == .table) {
      throw conflict(
        entry.path, entry.line,
        place.kind == kind ? "is there already, in line \(place.line)" : "is something else in line \(place.line)")
    }
    known[entry.path] = TOMLPlace(kind: kind, line: entry.line)
    entries.append(entry)
  }

  private func conflict(_ path: [String], _ line: Int, _ what: String) -> TOMLError {
    TOMLError(line: line, reason: "\(ConfigurationValue.text(path.joined(separator: "."))) \(what)")
  }
}
