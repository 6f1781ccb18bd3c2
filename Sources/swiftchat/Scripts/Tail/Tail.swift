import ArgumentParser
import ChatModel
import ChatProtocol
import CommandSupport

/// `swiftchat tail`
struct Tail: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print messages, for scripts.",
    discussion: """
      Prints the last messages, one line each, in the order in which the server stored them, without control characters. \
      With --follow it goes on with each new message, also after lost connections.

      With --state FILE each run begins where the last one ended, however it ended. No line is printed twice and none is \
      left out, if standard output is a file that nothing else writes to. Into a pipe, a line that is being written when \
      the command is killed counts as printed.

      --json prints an object per message: "time", "server", "target", "author", "own", "kind" (text, topic, removed), \
      "text", and the numbers "seq" in the conversation and "id" on the server.

      The exit codes are those of 'swiftchat send'.

      Examples:
        swiftchat tail -n 20
        swiftchat tail -t '#builds' -t neha --since 1h --json
        swiftchat tail --follow --state lobby.state >> lobby.log
      """
  )

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A room, or a person; may be given several times. (default: #lobby)", valueName: "neha|#room"))
  var target: [ScriptTarget] = []

  @Flag(help: "Print all direct messages, too; with --follow.")
  var direct = false

  @Option(name: [.customShort("n"), .long], help: "Begin with this many messages of each conversation.")
  var lines = 10

  @Option(
    help: ArgumentHelp(
      "Begin with the messages since this time: 30m, 1h, 2d, 2026-11-22 (UTC) or 2026-11-22T10:00:00Z.",
      valueName: "time"))
  var since: TailSince?

  @Flag(name: .shortAndLong, help: "Go on with new messages.")
  var follow = false

  @Option(
    help: ArgumentHelp(
      "Where it is stored what was printed; of one server and one name. -n and --since apply to the first run.",
      valueName: "file"), completion: .file(), transform: pathArgument)
  var state: String?

  @Flag(help: "Print an object in JSON per message.")
  var json = false

  @OptionGroup var options: ScriptOptions

  func validate() throws {
    if lines < 0 { throw ValidationError("-n is \(lines); it is a number of messages, 0 or more.") }
    if direct, !follow { throw ValidationError("--direct needs --follow: it is not known when all are printed.") }
  }

  func run() async throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let user = try options.user()
    let now = Timestamp.now()
    let stored = try state.map { try TailState($0, server: user.endpoint, name: user.name, now: now) }
    var settings = TailTask.Settings(
      targets: targets, includesDirect: direct, follows: follow, firstRun: stored?.contents.created ?? now,
      format: TailFormat(isJSON: json, server: user.endpoint.description))
    settings.start = since.map { .since($0.time(before: now)) } ?? .last(lines)
    settings.needsLog = stored != nil || since != nil
    var memory = ClientMemory()
    if let contents = stored?.contents {
      settings.positions = contents.positions
      // Conversations that began since are printed from their beginning.
      if !contents.positions.isEmpty { settings.newStart = .since(contents.created) }
      let cursors = contents.positions.filter { direct && $0.target.isPerson || targets.contains($0.target) }
        .map { Cursor(target: $0.target, epoch: $0.epoch, sequence: $0.sequence) }
      memory = ClientMemory(token: contents.token, cursors: cursors)
      if contents.token != nil { memory.resumesAs = user.name }
    }
    let task = TailTask(settings, link: user.scriptLink)
    let run = try ScriptRun(task, of: user, memory: memory, output: stored ?? PlainScriptOutput())
    run.watchOutput()
    try await run.run()
  }

  private var targets: [Target] {
    target.isEmpty && !direct ? [.lobby] : target.map(\.target)
  }
}
