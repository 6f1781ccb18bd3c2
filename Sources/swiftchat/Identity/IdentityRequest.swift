import ArgumentParser
import ChatClient
import ChatProtocol
import CommandSupport

/// `swiftchat identity request`
struct IdentityRequest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Print what lets the owner of a name add this machine's key to it.",
    discussion: """
      Type /key add and what this prints where you are logged in as NAME. It is of no use for another \
      name, or on another server.
      """)

  @Argument(help: "The name that the key is to open, too.") var name: String
  @Argument(help: "HOST, HOST:PORT, [IPV6]:PORT or the link that its host gave you.") var server: String

  func validate() throws {
    _ = try nickname()
    _ = try link()
  }

  func run() throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let (name, link) = (try nickname(), try link())
    guard let pin = try link.pin ?? UserFiles().knownHosts?.pin(of: link.endpoint) else {
      throw Failure("\(link.endpoint) was never met: connect to it once, or give the link that its host gave you")
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

  private func link() throws -> ShareLink {
    do { return try ShareLink(server) } catch { throw ValidationError(error.description) }
  }
}
