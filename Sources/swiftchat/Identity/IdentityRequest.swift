import ArgumentParser
import ChatModel
import ChatProtocol
import CommandSupport

/// `swiftchat identity request`
struct IdentityRequest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Print a request to add this machine's key to a name.",
    discussion: """
      Where you are logged in as NAME, type /key add and the printed request. It is valid only for this name on this \
      server.
      """)

  @Argument(help: "The name to add the key to.") var name: String
  @Argument(help: "A name from the settings, HOST, HOST:PORT, [IPV6]:PORT, or a link from the server's host.")
  var server: String

  func validate() throws {
    _ = try nickname()
    try ServerArgument.check(server)
  }

  func run() throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let (name, link) = (try nickname(), try ServerArgument.resolve(server).link)
    guard let pin = try link.pin ?? UserFiles().knownHosts?.pin(of: link.endpoint) else {
      throw Failure(
        "\(link.endpoint.summary) is unknown: give the link from its host, or run 'swiftchat trust' for it; "
          + "do not log in there before")
    }
    let loaded = try IdentityCommand.file().loadOrMake()
    if let warning = loaded.warning { note("Warning: \(warning)") }
    guard let request = loaded.identity.request(for: name, on: pin) else { throw Failure("the key cannot sign") }
    try announce(request.text)
  }

  private func nickname() throws -> Nickname {
    guard let name = Nickname(name) else { throw ValidationError(ErrorCode.invalidUsername.explanation) }
    return name
  }
}
