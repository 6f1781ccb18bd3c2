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
    if server != nil { _ = try ServerArgument.resolve(server) }
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
    let configured = await follower.running[ClientSetting.name]
    let name = try given ?? configured ?? files.rememberedName() ?? LoginName.current
    var options = Application.Options(
      name: name, link: try ServerArgument.resolve(server), offersHost: server == nil, files: files, settings: follower)
    let key = try UserKey(of: files)
    options.identity = key.identity
    options.warnings = warnings + key.warnings
    try await Application.run(options)
  }
}
