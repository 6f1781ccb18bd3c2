import ArgumentParser
import ChatModel
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat send`
struct Send: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Send a message, for scripts.",
    discussion: """
      Sends TEXT, or standard input, and exits with 0 when the server has stored it. Otherwise it prints one line that \
      says what happened, and exits with

        65  the text is empty, not UTF-8, or has a line that is too long
        66  standard input cannot be read
        67  nobody of this name is there
        69  no connection
        74  unknown whether it is stored; plain servers never tell
        75  not stored; try again later
        76  the server is not the known one: see 'swiftchat trust'
        77  the server refused the name, the room or the message
        1, 64, 78  wrong file, arguments or variables

      A text of several lines is one message if it has at most \(MessageLines.maximum) lines and fits into one. Otherwise, \
      and on servers that take only single lines, each line that is not blank is a message of its own: a line is sent when \
      the one before it is stored, and all are checked before the first one is sent.

      If the connection breaks, the command connects again until --timeout, and never stores a message twice. With --key \
      this is also true for a repeated command: what was stored under the same key is not stored again. A server \
      without these features, which is no swiftchat server, cannot confirm anything: the exit code is 74 at best, and --key \
      is refused.

      Examples:
        swiftchat send 'The backup is done.'
        make 2>&1 | tail -n 3 | swiftchat send --server chat.example.org -t '#builds'
        swiftchat send --name ci --key "build-$ID" -t neha "Build $ID failed"
      """
  )

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A room, or a person.", valueName: "neha|#room"))
  var target = ScriptTarget(.lobby)

  @Option(
    help: ArgumentHelp(
      "Makes it safe to repeat the command: 1 to \(SendKey.maximumBytes) visible ASCII characters, new for each text.",
      valueName: "key"))
  var key: String?

  @OptionGroup var options: ScriptOptions

  @Argument(help: "The text; several words are joined by spaces. (default: standard input)")
  var text: [String] = []

  func validate() throws { _ = try sendKey() }

  func run() async throws {
    ignoreBrokenPipes()
    let text: SendText
    do throws(ScriptEnd) { text = try SendText(readText(), to: target.target) } catch { return try error.leave() }
    let user = try options.user()
    let task = SendTask(
      text, to: target.target, key: try sendKey(), link: user.scriptLink, firstID: .random(in: 1..<(1 << 62)))
    try await ScriptRun(task, of: user).run()
  }

  private func sendKey() throws -> SendKey? {
    guard let key else { return nil }
    guard let key = SendKey(key) else {
      throw ValidationError("--key has 1 to \(SendKey.maximumBytes) visible ASCII characters, without spaces.")
    }
    return key
  }

  private func readText() throws(ScriptEnd) -> String {
    if !text.isEmpty { return text.joined(separator: " ") }
    // Not read from a terminal: a script without input would wait forever.
    guard isatty(STDIN_FILENO) == 0 else {
      throw ScriptEnd(.noInput, "there is no text: give it as an argument, or on standard input")
    }
    let bytes: [UInt8]
    do {
      bytes = try readAll(from: STDIN_FILENO, maximumBytes: SendText.maximumBytes)
    } catch {
      switch error {
      case .tooLarge:
        throw ScriptEnd(.badText, "the text has more than \(SendText.maximumBytes) bytes; nothing was sent")
      case .system(let number):
        throw ScriptEnd(.noInput, "cannot read standard input: \(String(cString: strerror(number))); nothing was sent")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ScriptEnd(.badText, "the text is not UTF-8; nothing was sent")
    }
    return text
  }
}
