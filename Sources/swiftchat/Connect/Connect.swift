import ArgumentParser
import ChatModel
import ChatProtocol
import CommandSupport
import Platform

struct Connect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Start the chat client.",
    discussion: """
      Without SERVER, the client connects to this machine. If no server runs there, it offers to host the chat. With \
      several servers, at most 8, the tabs of each follow its name.

      F1 shows all keys and commands, Ctrl+Q quits.

      With --plain, the client prints and reads lines: for screen readers, simple terminals and pipes. This is the default \
      with TERM=dumb, and if only standard output is redirected. /help lists the commands; Ctrl+D or the end of the input \
      ends the client once the server has confirmed all lines. If no user types the lines, the exit code is the one of \
      'swiftchat send'.

      Examples:
        swiftchat connect --plain chat.example.org
        echo 'It is done' | swiftchat connect --plain chat.example.org
      """
  )

  @Argument(
    help: ArgumentHelp(
      "\(ServerArgument.forms) (default: \(ServerArgument.standardServers))", valueName: "server"))
  var servers: [String] = []

  @Option(help: ClientSetting.name.help)
  var name: String?

  @Flag(help: "Print and read lines, instead of drawing a screen.")
  var plain = false

  @Option(
    help: ArgumentHelp("Record what the client shows in a new file, for a report.", valueName: "file"),
    transform: pathArgument)
  var record: String?

  @Option(
    help: ArgumentHelp(
      "Show a recording: space goes on, ← goes back, End to the last screen, q leaves. Prints the last screen if there is no terminal. With --record, copies it.",
      valueName: "file"), transform: pathArgument)
  var replay: String?

  @Flag(help: "Replace letters and digits of texts and names in the recording.")
  var blank = false

  @OptionGroup var settings: ClientSettingsOption

  /// Whether there is no screen to draw on: the terminal cannot move its cursor, or a user at a terminal redirects the
  /// output.
  private static var wantsLines: Bool {
    environmentValue("TERM") == "dumb" || (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 0)
  }

  func validate() throws {
    for server in servers { try ServerArgument.check(server) }
    _ = try NameArgument.resolve(name)
    if blank, record == nil, replay == nil { throw ValidationError("--blank goes with --record or --replay.") }
    if replay != nil, !servers.isEmpty || name != nil || plain {
      throw ValidationError("--replay needs no server: leave out the other arguments.")
    }
  }

  func run() async throws {
    ignoreBrokenPipes()
    if let replay { return try await Replay.run(replay, blank: blank, copy: record) }
    let printsLines = plain || Self.wantsLines
    if printsLines { try StandardOutput.check() }
    let source = try settings.source()
    let follower = try await ClientSettingsFollower(source)
    let files = UserFiles()
    let given = try NameArgument.resolve(name)
    let choices = try await ServerArgument.resolve(servers, in: follower.running)
    let named = await follower.running[ClientSetting.name]
    let usualName = try given ?? named ?? files.rememberedName() ?? LoginName.current
    let starts = choices.map { Application.ServerStart(link: $0.link, name: given ?? $0.nickname ?? usualName) }
    var options = Application.Options(
      servers: starts, usualName: usualName, offersHost: choices[0].isDefault, files: files, settings: follower)
    if printsLines {
      options.isInteractive = isatty(STDIN_FILENO) == 1
      options.lineStyle = isatty(STDOUT_FILENO) == 1 ? .terminal : .log
      options.offersHost = choices[0].isDefault && options.isInteractive
    }
    (options.recording, options.isBlanked) = (record, blank)
    let key = try UserKey(of: files)
    options.identity = key.identity
    options.givenName = given
    options.warnings = key.warnings
    try await Application.run(options)
  }
}
