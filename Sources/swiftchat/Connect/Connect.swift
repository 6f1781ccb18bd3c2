import ArgumentParser
import ChatClient
import ChatProtocol

struct Connect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Chat, in full screen.",
    discussion: """
      Without HOST it connects to this machine, and where nothing listens it offers to host the chat itself.

      F1 shows all keys and commands, Ctrl+Q quits.
      """
  )

  @Argument(help: "HOST, HOST:PORT or [IPV6]:PORT. (default: localhost:4000, or the port of $SWIFTCHAT_PORT)")
  var server: String?

  @Option(help: "Your name in the chat. (default: the one given last, or your login name)")
  var name: String?

  func validate() throws {
    _ = try endpoint()
    _ = try givenName()
  }

  func run() async throws {
    ignoreBrokenPipes()
    let files = UserFiles()
    let given = try givenName()
    if let given { files.remember(name: given) }
    let name = given ?? files.rememberedName ?? LoginName.current
    try await Application.run(
      Application.Options(name: name, endpoint: try endpoint(), offersHost: server == nil, files: files))
  }

  private func endpoint() throws -> Endpoint {
    do {
      if let server { return try Endpoint(server) }
      let port = try PortOption.standardNumber()
      // 0 lets a server pick a port; there is none to be found there.
      return try Endpoint(host: "localhost", port: port == 0 ? PortOption.standard : port)
    } catch let error as EndpointError {
      throw ValidationError(error.description)
    }
  }

  private func givenName() throws -> Nickname? {
    guard let name else { return nil }
    guard let nickname = Nickname(name) else {
      throw ValidationError("'\(name)' cannot be a name. \(ErrorCode.invalidUsername.explanation)")
    }
    return nickname
  }
}
