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
    help: """
      HOST, HOST:PORT, [IPV6]:PORT or a link, swiftchat://HOST:PORT/?pin=… (default: localhost:4000, or the port of \
      $SWIFTCHAT_PORT)
      """)
  var server: String?

  @Option(help: "Your name in the chat. (default: the last name used, or your login name)")
  var name: String?

  func validate() throws {
    if server != nil { _ = try link() }
    _ = try givenName()
  }

  func run() async throws {
    ignoreBrokenPipes()
    let files = UserFiles()
    let given = try givenName()
    var warnings: [String] = []
    if let given {
      do { try files.remember(name: given) } catch { warnings.append("your name cannot be remembered: \(error)") }
    }
    let name = try given ?? files.rememberedName() ?? LoginName.current
    var options = Application.Options(name: name, link: try link(), offersHost: server == nil, files: files)
    // An unreadable key file is an error; without a place for a key file, the chat works without a key.
    var loaded = try files.identity?.load()
    var obstacle = "there is no place to keep a key in"
    if loaded == nil { do { loaded = try files.identity?.loadOrMake() } catch { obstacle = error.description } }
    if let loaded {
      options.identity = loaded.identity
      if let warning = loaded.warning { warnings.append(warning) }
    } else {
      // A key that is lost at exit would reserve the name forever.
      warnings.append("Your name will not be your own: \(obstacle).")
    }
    options.warnings = warnings
    try await Application.run(options)
  }

  private func link() throws -> ShareLink {
    do {
      if let server { return try ShareLink(server) }
      let port = try PortOption.standardNumber()
      // Port 0 makes a server choose a port, so that the client cannot find it there.
      return ShareLink(endpoint: try Endpoint(host: "localhost", port: port == 0 ? PortOption.standard : port))
    } catch let error as ShareLinkError {
      throw ValidationError(error.description)
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
