import ArgumentParser
import ChatModel
import ChatProtocol
import CommandSupport

struct Connect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Start the full-screen client.",
    discussion: """
      Without SERVER, the client connects to this machine. If no server runs there, it offers to host the chat. With \
      several servers, at most 8, the tabs of each follow its name.

      F1 shows all keys and commands, Ctrl+Q quits.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "\(ServerArgument.forms) (default: \(ServerArgument.standardServers))", valueName: "server"))
  var servers: [String] = []

  @Option(help: ClientSetting.name.help)
  var name: String?

  @OptionGroup var settings: ClientSettingsOption

  func validate() throws {
    for server in servers { try ServerArgument.check(server) }
    _ = try NameArgument.resolve(name)
  }

  func run() async throws {
    ignoreBrokenPipes()
    let source = try settings.source()
    let follower = try await ClientSettingsFollower(source)
    let files = UserFiles()
    let given = try NameArgument.resolve(name)
    var warnings: [String] = []
    if let given {
      do { try files.remember(name: given) } catch { warnings.append("your name cannot be remembered: \(error)") }
    }
    let choices = try await ServerArgument.resolve(servers, in: follower.running)
    let named = await follower.running[ClientSetting.name]
    let usualName = try given ?? named ?? files.rememberedName() ?? LoginName.current
    let starts = choices.map { Application.ServerStart(link: $0.link, name: given ?? $0.nickname ?? usualName) }
    var options = Application.Options(
      servers: starts, usualName: usualName, offersHost: choices[0].isDefault, files: files, settings: follower)
    let key = try UserKey(of: files)
    options.identity = key.identity
    options.warnings = warnings + key.warnings
    try await Application.run(options)
  }
}
