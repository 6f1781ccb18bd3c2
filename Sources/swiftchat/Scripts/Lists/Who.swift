import ArgumentParser
import ChatProtocol
import CommandSupport

/// `swiftchat who`
struct Who: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the people on a server, for scripts.",
    discussion: """
      Prints a line for each person, including yourself: the name, "here" or "away", and the away message, with tabs \
      between them. --json prints objects with "name", "guest", "away" if the person is away, and "server".

      The exit codes are those of 'swiftchat send'.
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Only the people in this room, which is joined for the moment.", valueName: "#room"))
  var target: RoomName?

  @Flag(help: "Print an object in JSON per person.") var json = false

  @OptionGroup var options: ScriptOptions

  func run() async throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let user = try options.user()
    let format = ListFormat(isJSON: json, server: user.endpoint.description)
    let task = WhoTask(
      target ?? .lobby, format: format,
      link: user.scriptLink)
    try await ScriptRun(task, of: user).run()
  }
}
