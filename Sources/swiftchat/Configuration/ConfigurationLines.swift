/// Where the keys of a file stand, which the parser does not tell: as far as they are written the usual way.
struct ConfigurationLines {
  private var lines: [String: Int] = [:]

  init(_ text: String) {
    var table = ""
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = line.filter { !" \t\"'".contains($0) }
      if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
        let name = String(line[line.index(after: line.startIndex)..<end])
        table = name.isEmpty ? "" : name + "."
        if lines[name] == nil { lines[name] = index + 1 }
      } else if let end = line.firstIndex(of: "="), !line.hasPrefix("#") {
        let name = table + line[..<end]
        if lines[name] == nil { lines[name] = index + 1 }
      }
    }
  }

  /// `server.toml, line 3`.
  func place(of key: String, in file: String) -> String {
    lines[key].map { "\(file), line \($0)" } ?? file
  }
}
