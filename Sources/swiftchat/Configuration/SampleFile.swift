/// The documented settings file, `Resources/server.toml`.
enum SampleFile {
  private static let columns = 120

  static var text: String {
    var paragraphs = [comment(introduction)]
    var table: String?
    for setting in Settings.all {
      if setting.table != table {
        table = setting.table
        if let description = table.flatMap({ tables[$0] }) { paragraphs.append(comment(description)) }
        paragraphs.append("[\(table ?? "")]\n")
        // A table's own description stands directly above it.
        if table.flatMap({ tables[$0] }) != nil, let heading = paragraphs.popLast() {
          paragraphs[paragraphs.count - 1] += heading
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

  /// The descriptions of the tables.
  private static let tables = ["limits": "Limits for one client or address. Clients on the host itself are exempt."]

  private static let introduction = """
    Settings of `swiftchat serve`, for $XDG_CONFIG_HOME/swiftchat/server.toml (~/.config/swiftchat/server.toml), or for \
    the file that --config names. A line that begins with # and a key shows the default, or an example if there is none.

    Flags override environment variables, and environment variables override this file. The variables are named \
    SWIFTCHAT_PORT, SWIFTCHAT_IDLE_TIMEOUT, SWIFTCHAT_LIMITS_LINE_BURST; lists are separated by commas.

    `swiftchat serve --check-config` checks whether a server with this file would start. SIGHUP makes a running server \
    read it again; settings marked with (restart) take effect at the next start. A path may begin with ~/; relative \
    paths start at the server's working directory.

    The file is TOML, as far as settings need it: comments, tables, keys, strings, numbers, booleans and lists.
    """

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
