/// The documented settings file of a table of settings, such as `Resources/server.toml`.
enum SampleFile<Table: SettingsTable> {
  private static var columns: Int { 120 }

  static var text: String {
    var paragraphs = [comment(Table.introduction)]
    var table: String?
    for setting in Table.all {
      if setting.table != table {
        table = setting.table
        if let description = table.flatMap({ Table.descriptions[$0] }) {
          // A table's own description stands directly above it.
          paragraphs.append(comment(description) + header(of: setting))
        } else {
          paragraphs.append(header(of: setting))
        }
      }
      if setting.text.isEmpty, !paragraphs.isEmpty {
        paragraphs[paragraphs.count - 1] += "#\(setting.sample)\n"
      } else {
        paragraphs.append(comment(setting.text + (setting.isLive ? "" : " (restart)")) + "#\(setting.sample)\n")
      }
    }
    return paragraphs.joined(separator: "\n")
  }

  /// The header of a table that the user names is a comment: the header alone would create the table.
  private static func header(of setting: AnySetting<Table>) -> String {
    let parts = setting.pattern.dropLast()
    let names = parts.map { $0 == "*" ? Table.exampleMembers[parts[0]] ?? "name" : $0 }
    return "\(setting.isOfMembers ? "#" : "")[\(Configuration<Table>.display(names))]\n"
  }

  /// The text as comment lines, wrapped.
  private static func comment(_ text: String) -> String {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = "#"
      for word in paragraph.split(separator: " ") {
        if line.count + 1 + word.count > columns {
          lines.append(line)
          line = "#"
        }
        line += " " + word
      }
      lines.append(line)
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
