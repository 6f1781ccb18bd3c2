import ArgumentParser
import CommandSupport

/// `swiftchat rooms`
struct ListRooms: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rooms",
    abstract: "List the rooms of a server, for scripts.",
    discussion: """
      Prints a line for each room: name, number of people, topic, with tabs between them. --json prints objects with \
      "name", "people", "topic" and "server". Private rooms are listed for those who may enter.

      The exit codes are those of 'swiftchat send'.
      """)

  @Flag(help: "Print an object in JSON per room.") var json = false

  @OptionGroup var options: ScriptOptions

  func run() async throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let user = try options.user()
    let format = ListFormat(isJSON: json, server: user.endpoint.description)
    let task = RoomsTask(
      format: format, link: user.scriptLink)
    try await ScriptRun(task, of: user).run()
  }
}
