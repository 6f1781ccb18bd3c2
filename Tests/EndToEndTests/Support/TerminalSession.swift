import Foundation
import TestSupport
import Testing

/// A program in its own terminal, which is tmux: accepts keys and returns the screen.
final class TerminalSession: Sendable {
  /// The state of the terminal at one moment.
  struct ScreenSnapshot: Sendable {
    /// All rows of the terminal, without trailing blanks.
    var rows: [String]
    var cursor: CursorPosition
    var isCursorVisible: Bool
    /// Whether the program has switched to the alternate screen.
    var alternateOn: Bool
    var title: String
    /// The title without the number of unread messages.
    var titleWithoutCount: Substring {
      guard title.first == "(", let end = title.firstIndex(of: ")") else { return title[...] }
      return title[title.index(after: end)...].drop { $0 == " " }
    }
    /// Exit status of the program; nil while it runs. Once it is known, the screen shows all of the program's output.
    var exitStatus: ExitStatus?
  }

  /// A position on the screen, from 0.
  struct CursorPosition: Equatable, Sendable {
    var column: Int
    var row: Int
  }

  private static let settings = """
    set -g default-terminal screen-256color
    set -g status off
    set -g focus-events on
    set -s escape-time 0
    """

  /// The shell between tmux and the program. It outlives the program, because tmux closes a terminal whose process has
  /// ended, and drops the output that it has not read by then. The shell writes the program's process id to the file
  /// `$0`. After the program's end it sets the path of the terminal (OSC 7), behind all of the program's output.
  ///
  /// Signals of the keyboard must not end the shell. If the terminal is closed, SIGHUP reaches only this shell: its end
  /// passes the signal on to the program.
  private static let keeper = #"""
    trap : INT QUIT
    exec 2>/dev/null
    /bin/sh -c 'echo $$ >"$0"; exec "$@"' "$0" "$@" 2>&1
    printf '\033]7;ended:%d\033\\' $?
    trap '' INT QUIT
    exec sleep 100000
    """#

  /// The beginning of the path of the terminal after the program's end; the shell's number of the exit status follows.
  private static let ended = "ended:"

  private let workspace: Workspace
  private let tmux: String
  private let pane: String
  /// The process id of the program.
  let processID: pid_t

  private init(workspace: Workspace, tmux: String, pane: String, processID: pid_t) {
    self.workspace = workspace
    self.tmux = tmux
    self.pane = pane
    self.processID = processID
  }

  /// Starts `command`, by default the built `swiftchat`, in a terminal of the given size. One workspace may have
  /// several sessions. `environment` overrides the workspace's environment; TERM is `screen-256color` unless given
  /// here.
  static func start(
    in workspace: Workspace, columns: Int = 80, rows: Int = 24, command: String? = nil, arguments: [String] = [],
    environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> TerminalSession {
    let tmux = try Tool.path("tmux", sourceLocation: sourceLocation)
    let command = try command ?? Binary.path(sourceLocation: sourceLocation)
    let settings = workspace.folder.appendingPathComponent("tmux.conf")
    try Self.settings.write(to: settings, atomically: true, encoding: .utf8)
    let file = workspace.folder.appendingPathComponent("program-\(UUID().uuidString)")
    let variables = environment.map { "\($0)=\($1)" }
    let program = ["/bin/sh", "-c", Self.keeper, file.path, "/usr/bin/env"] + variables + [command] + arguments
    let answer = try await run(
      tmux, in: workspace,
      ["-f", settings.path, "new-session", "-d", "-P", "-F", "#{pane_id} #{pane_pid} #{pid}"]
        + ["-x", "\(columns)", "-y", "\(rows)", "--"] + program.map(escaped), sourceLocation)
    let words = answer.split(whereSeparator: \.isWhitespace)
    let numbers = words.dropFirst().compactMap { pid_t($0) }
    try #require(words.count == 3 && numbers.count == 2, "tmux said: \(answer)", sourceLocation: sourceLocation)
    numbers.forEach(workspace.adopt)
    let started = try await Patience.answer { () -> pid_t? in
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      return text.hasSuffix("\n") ? pid_t(text.dropLast()) : nil
    }
    let processID = try #require(started, "\(command) was not started", sourceLocation: sourceLocation)
    // It may have a process group of its own.
    workspace.adopt(processID)
    return TerminalSession(workspace: workspace, tmux: tmux, pane: String(words[0]), processID: processID)
  }

  // MARK: Keys

  /// Types a text verbatim.
  func type(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await send(Array(text.utf8), sourceLocation: sourceLocation)
  }

  /// Presses keys, in tmux's notation: `M-1`, `C-n`, `F8`, `Enter`, `BTab` (for `S-Tab`), `PPage`, `C-Left`.
  func press(_ keys: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await run(["send-keys", "-t", pane, "--"] + keys.map(Self.escaped), sourceLocation)
  }

  /// Pastes a text as terminals do with bracketed paste: between markers, with CR as line ends. Without `isEnded` the
  /// end marker is not sent.
  func paste(_ text: String, isEnded: Bool = true, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let body = text.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: "\r") : $0 }
    let end = isEnded ? Array("\u{1B}[201~".utf8) : []
    try await send(Array("\u{1B}[200~".utf8) + body + end, sourceLocation: sourceLocation)
  }

  /// Reports that the terminal has gained or lost focus, as terminals do on request.
  func focus(_ isFocused: Bool = true, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await send(Array("\u{1B}[\(isFocused ? "I" : "O")".utf8), sourceLocation: sourceLocation)
  }

  /// Sends exactly these bytes to the program.
  func send(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) async throws {
    // tmux accepts at most 16 KiB of arguments at a time.
    for start in stride(from: 0, to: bytes.count, by: 2048) {
      let chunk = bytes[start..<min(start + 2048, bytes.count)]
      try await run(["send-keys", "-t", pane, "-H"] + chunk.map { String($0, radix: 16) }, sourceLocation)
    }
  }

  /// Changes the size of the terminal.
  func resize(columns: Int, rows: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await run(["resize-window", "-t", pane, "-x", "\(columns)", "-y", "\(rows)"], sourceLocation)
  }

  /// Sends the program a signal.
  func signal(_ number: Int32) {
    kill(processID, number)
  }

  /// Closes the terminal, like its window: the program loses the terminal and receives SIGHUP.
  func hangUp(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await run(["kill-pane", "-t", pane], sourceLocation)
  }

  // MARK: Screen

  /// The rows of the screen.
  func screen(sourceLocation: SourceLocation = #_sourceLocation) async throws -> [String] {
    try await snapshot(sourceLocation: sourceLocation).rows
  }

  /// The rows of the screen, including escape sequences for colours and attributes.
  func styledScreen(sourceLocation: SourceLocation = #_sourceLocation) async throws -> [String] {
    Self.rows(try await run(["capture-pane", "-p", "-e", "-t", pane], sourceLocation))
  }

  /// Records all further bytes that the program writes to its terminal in a file.
  func record(to file: URL, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await run(["pipe-pane", "-t", pane, "cat > '\(file.path)'"], sourceLocation)
  }

  /// The text in the file of `record`, after the program's end.
  func recordedToEnd(
    in file: URL, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    // The program that writes the file may be behind the terminal.
    let output = try await Patience.answer { () -> String? in
      let text = String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
      return text.contains("\u{1B}]7;\(Self.ended)") ? text : nil
    }
    return try #require(output, "the record has no end", sourceLocation: sourceLocation)
  }

  /// The value of a variable of the terminal, such as `#{mouse_sgr_flag}`.
  func value(of format: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let answer = try await run(["display-message", "-p", "-t", pane, format], sourceLocation)
    return answer.trimmingCharacters(in: .newlines)
  }

  func cursor(sourceLocation: SourceLocation = #_sourceLocation) async throws -> CursorPosition {
    try await snapshot(sourceLocation: sourceLocation).cursor
  }

  /// The complete state of the screen.
  func snapshot(sourceLocation: SourceLocation = #_sourceLocation) async throws -> ScreenSnapshot {
    let format = "#{cursor_x} #{cursor_y} #{cursor_flag} #{alternate_on} #{pane_path} #{pane_title}"
    // In one call, so that both describe the same moment.
    var lines = Self.rows(
      try await run(
        ["display-message", "-p", "-t", pane, format, ";", "capture-pane", "-p", "-t", pane], sourceLocation))
    let facts = lines.removeFirst()
    let words = facts.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
    let numbers = words.prefix(4).compactMap { Int($0) }
    try #require(words.count == 6 && numbers.count == 4, "tmux said: \(facts)", sourceLocation: sourceLocation)
    let status = words[4].hasPrefix(Self.ended) ? Int32(words[4].dropFirst(Self.ended.count)) : nil
    return ScreenSnapshot(
      rows: lines, cursor: CursorPosition(column: numbers[0], row: numbers[1]), isCursorVisible: numbers[2] == 1,
      alternateOn: numbers[3] == 1, title: String(words[5]), exitStatus: status.map(ExitStatus.init(shellStatus:)))
  }

  // MARK: Waiting

  /// Waits until the rows of the screen fulfil `condition`, and returns them. On timeout, or if the program ends first,
  /// fails at the caller's source location and shows the screen.
  @discardableResult
  func waitFor(
    _ description: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: ([String]) -> Bool
  ) async throws -> [String] {
    try await waitForSnapshot(description, timeout: timeout, sourceLocation: sourceLocation) { condition($0.rows) }
      .rows
  }

  /// Waits until one row of the screen contains `text`.
  @discardableResult
  func waitFor(
    text: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    try await waitFor("“\(text)”", timeout: timeout, sourceLocation: sourceLocation) { rows in
      rows.contains { $0.contains(text) }
    }
  }

  /// Waits until the state of the screen fulfils `condition`.
  @discardableResult
  func waitForSnapshot(
    _ description: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: (ScreenSnapshot) -> Bool
  ) async throws -> ScreenSnapshot {
    var last: ScreenSnapshot?
    var found: ScreenSnapshot?
    _ = try await Patience.answer(within: timeout, every: .milliseconds(20)) { () async throws -> Bool? in
      let snapshot = try await self.snapshot(sourceLocation: sourceLocation)
      last = snapshot
      if condition(snapshot) { found = snapshot }
      return found != nil || snapshot.exitStatus != nil ? true : nil
    }
    let shown = last.map(Self.drawing) ?? "(nothing)"
    return try #require(found, "waited for \(description), but\n\(shown)", sourceLocation: sourceLocation)
  }

  /// Waits until the program has ended.
  @discardableResult
  func exitStatus(
    timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ExitStatus {
    let last = try await waitForSnapshot("the end", timeout: timeout, sourceLocation: sourceLocation) {
      $0.exitStatus != nil
    }
    return try #require(last.exitStatus, sourceLocation: sourceLocation)
  }

  // MARK: tmux

  @discardableResult
  private func run(_ arguments: [String], _ sourceLocation: SourceLocation) async throws -> String {
    try await Self.run(tmux, in: workspace, arguments, sourceLocation)
  }

  private static func run(
    _ tmux: String, in workspace: Workspace, _ arguments: [String], _ sourceLocation: SourceLocation
  ) async throws -> String {
    let child = try workspace.launch(tmux, ["-u", "-S", workspace.tmuxSocket] + arguments)
    child.closeInput()
    let status = try await child.end()
    try #require(status == .exited(0), "\(child.report)", sourceLocation: sourceLocation)
    return String(decoding: child.output, as: UTF8.self)
  }

  /// Escapes an argument that tmux would take for the end of its command.
  private static func escaped(_ argument: String) -> String {
    argument.hasSuffix(";") ? argument.dropLast() + "\\;" : argument
  }

  private static func rows(_ output: String) -> [String] {
    var rows = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // Every line ends in LF, so that the part after the last one is empty.
    if rows.last == "" { rows.removeLast() }
    return rows
  }

  private static func drawing(_ snapshot: ScreenSnapshot) -> String {
    let state = snapshot.exitStatus.map { "the program ended, \($0), and" } ?? "the screen"
    let cursor = "cursor in column \(snapshot.cursor.column) of row \(snapshot.cursor.row)"
    let rows = snapshot.rows.map { "│\($0)" }.joined(separator: "\n")
    return "\(state) shows (\(cursor)):\n\(rows)"
  }
}
