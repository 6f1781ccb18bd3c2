import ArgumentParser
import ChatModel
import ChatProtocol
import CommandSupport

struct Connect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Start the full-screen client.",
    discussion: """
      Without HOST, the client connects to this machine. If no server runs there, it offers to host the chat.

      F1 shows all keys and commands, Ctrl+Q quits.
      """
  )

  @Argument(
    help: "\(ServerArgument.forms) (default: \(ServerArgument.standard))")
  var server: String?

  @Option(help: ClientSetting.name.help)
  var name: String?

  @OptionGroup var settings: ClientSettingsOption

  func validate() throws {
    try ServerArgument.check(server)
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
    let choice = try await ServerArgument.resolve(server, in: follower.running)
    let name = try given ?? choice.nickname ?? files.rememberedName() ?? LoginName.current
    var options = Application.Options(
      name: name, link: choice.link, offersHost: choice.isDefault, files: files, settings: follower)
    let key = try UserKey(of: files)
    options.identity = key.identity
    options.warnings = warnings + key.warnings
    try await Application.run(options)
  }
}
