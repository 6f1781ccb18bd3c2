import ArgumentParser
import ChatClient
import ChatModel
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat trust`
struct Trust: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Accept the pin of a server.",
    discussion: """
      The client remembers the pin of each server and sends nothing to a server with another pin. If the server's key has \
      really changed, compare the new pin with the line that 'swiftchat serve' prints on its host, and accept it here.

      Examples:
        swiftchat trust 192.0.2.7:4000                   show the server's pin, and ask
        swiftchat trust -- 192.0.2.7:4000 PIN            accept this pin
        swiftchat trust 'swiftchat://192.0.2.7/?pin=…'   the same
        swiftchat trust --forget 192.0.2.7               forget the pin
        swiftchat trust a.example.org,b.example.org      a server with several hosts
      """
  )

  @Argument(help: "A name from the settings, HOST, HOST:PORT, [IPV6]:PORT, or a link from the server's host.")
  var server: String

  @Argument(help: "The pin.")
  var pin: String?

  @Flag(help: "Accept the server's current pin without asking.")
  var yes = false

  @Flag(help: "Forget the pin.")
  var forget = false

  func validate() throws {
    try ServerArgument.check(server)
    _ = try givenPin()
    if forget, pin != nil || yes { throw ValidationError("--forget goes without a pin and without --yes.") }
  }

  func run() async throws {
    ignoreBrokenPipes()
    let link = try link()
    let endpoint = link.endpoint
    guard let hosts = UserFiles().knownHosts else {
      throw Failure("there is no home directory for the pin; set HOME or XDG_STATE_HOME")
    }
    if forget {
      try StandardOutput.check()
      guard try hosts.forget(endpoint) else { throw Failure("\(endpoint) is not known") }
      return try announce("\(endpoint) is forgotten.")
    }
    // This command also repairs an invalid line of this server.
    let known = try hosts.readablePin(of: endpoint)
    if let pin = link.pin { return try accept(pin, for: endpoint, in: hosts) }
    let seen = try await ask(endpoint)
    try announce("\(endpoint)")
    try announce("  known  \(known?.text ?? "never met")")
    try announce("  shown  \(seen)")
    if known == seen { return try announce("It is the one that is known.") }
    try announce("Compare it with the line that 'swiftchat serve' printed on its host.")
    guard try yes || confirms() else { throw ExitCode.failure }
    try accept(seen, for: endpoint, in: hosts)
  }

  private func link() throws -> ShareLink {
    let link = try ServerArgument.resolve(server).link
    return ShareLink(endpoint: link.endpoint, pin: try givenPin() ?? link.pin, invitation: link.invitation)
  }

  private func givenPin() throws -> Pin? {
    guard let pin else { return nil }
    guard let given = Pin(pin) else { throw ValidationError(ShareLinkError.pin(pin).description) }
    return given
  }

  private func ask(_ endpoint: Endpoint) async throws -> Pin {
    do {
      return try await ServerPin.seen(at: endpoint)
    } catch {
      if case .plain(let said?) = error.kind {
        throw Failure("\(error.reason); it says: \(DisplayText.sanitize(said))")
      }
      throw Failure(error.reason)
    }
  }

  private func confirms() throws -> Bool {
    guard isatty(STDIN_FILENO) == 1 else {
      complain("standard input is no terminal: give the pin, or --yes")
      return false
    }
    try StandardOutput.write("Is it the same? [y/N] ")
    let answer = readLine()?.lowercased()
    return answer == "y" || answer == "yes"
  }

  private func accept(_ pin: Pin, for endpoint: Endpoint, in hosts: KnownHosts) throws {
    try StandardOutput.check()
    try hosts.replace(pin, for: endpoint)
    try announce("\(endpoint) is known by \(pin) now.")
  }
}
