import Testing

/// Helpers for a chat client in a terminal.
extension TerminalSession {
  /// Starts a client, and waits until it is logged in under the name.
  static func chat(
    in workspace: Workspace, as name: String, port: Int, columns: Int = 80, rows: Int = 24,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> TerminalSession {
    let session = try await TerminalSession.start(
      in: workspace, columns: columns, rows: rows,
      arguments: ["connect", "localhost:\(port)", "--name", name], sourceLocation: sourceLocation)
    try await session.waitFor(text: "as \(name)", sourceLocation: sourceLocation)
    try await session.focus(sourceLocation: sourceLocation)
    return session
  }

  /// Types a line and sends it.
  func say(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await type(text, sourceLocation: sourceLocation)
    try await press("Enter", sourceLocation: sourceLocation)
  }

  /// Waits until the pane shows a message that the server has confirmed: the name, the line between, the text.
  @discardableResult
  func waitForMessage(
    _ text: String, from name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    try await waitFor("“\(text)” from \(name)", sourceLocation: sourceLocation) { rows in
      rows.contains { $0.contains("\(name) │ \(text)") && !$0.contains("···") && !$0.contains("--:--") }
    }
  }
}

extension [String] {
  /// The words of the screen, independent of line breaks: separated by single spaces, without frames.
  var words: String {
    joined(separator: " ").split(separator: " ").filter { $0 != "│" }.joined(separator: " ")
  }
}
