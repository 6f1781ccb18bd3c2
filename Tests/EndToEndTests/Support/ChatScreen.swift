import Testing

// Helpers for a chat client in a terminal.

extension TerminalSession {
  /// Starts a client, and waits until it is logged in under the name.
  static func chat(
    in workspace: Workspace, as name: String, port: Int, columns: Int = 80, rows: Int = 24,
    environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> TerminalSession {
    let session = try await TerminalSession.start(
      in: workspace, columns: columns, rows: rows,
      arguments: ["connect", "localhost:\(port)", "--name", name], environment: environment,
      sourceLocation: sourceLocation)
    try await session.waitFor(text: "as \(name)", sourceLocation: sourceLocation)
    try await session.focus(sourceLocation: sourceLocation)
    return session
  }

  /// Types a line and sends it.
  func say(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await type(text, sourceLocation: sourceLocation)
    try await press("Enter", sourceLocation: sourceLocation)
  }

  /// Waits until the pane shows a message that the server has confirmed: the text, and the name on its left or above.
  @discardableResult
  func waitForMessage(
    _ text: String, from name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    try await waitFor("“\(text)” from \(name)", sourceLocation: sourceLocation) { rows in
      rows.author(of: text).map { $0.drop { $0 == "~" } } == name[...]
    }
  }
}

extension [String] {
  /// The author of the last confirmed message that begins with the text, on a screen with a column of names. The name
  /// is shown once for consecutive messages.
  func author(of text: String) -> String? {
    let found = lastIndex { row in
      !row.contains("···") && !row.contains("--:--") && row.contains(text)
        && row.firstRange(of: text).map { row[..<$0.lowerBound].count < Self.behindNames } == true
    }
    guard let found else { return nil }
    for row in self[...found].reversed() {
      if row.hasPrefix("─") { return nil }
      let label = row.dropFirst(Self.namesFrom).prefix(Self.behindNames - Self.namesFrom - 1)
      // A continued text begins behind the column of names.
      if label.prefix(7).allSatisfy({ $0 == " " }) { continue }
      return label.drop { $0 == " " }.firstRange(of: "  ").map { range in
        let name = label.drop { $0 == " " }
        return String(name[..<range.lowerBound])
      } ?? String(label.drop { $0 == " " })
    }
    return nil
  }

  /// The first column of names, and the last column at which the text of a message begins.
  private static var namesFrom: Int { 8 }
  private static var behindNames: Int { 26 }

  /// The words of the screen, independent of line breaks: separated by single spaces, without frames.
  var words: String {
    joined(separator: " ").split(separator: " ").filter { $0 != "│" }.joined(separator: " ")
  }
}
