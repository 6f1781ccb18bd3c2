import ArgumentParser
import ChatModel
import ChatProtocol
import ChatServer
import ChatUI
import CommandSupport
import Platform

/// `swiftchat invite`
struct Invite: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create an invitation to an invite-only server.",
    discussion: """
      Gets a code from the server on this machine, and prints the line to pass on. People who join with it under a key of \
      their own need no invitation again.
      """
  )

  @Option(help: "Number of people who may use the invitation.") var uses = 1

  @Option(help: ArgumentHelp("Lifetime of the invitation: 30m, 12h, 7d, 2w, or never.", valueName: "span"))
  var expires = "7d"

  @Option(
    help: ArgumentHelp(
      """
      The name or address at which they reach this machine, with a port if that differs; or those of all hosts of the \
      chat, with commas in between. (default: the server's --public-host, or the address that it listens on, or this \
      machine's address in the network)
      """, valueName: "host"))
  var host: String?

  @OptionGroup var control: ControlOption

  func validate() throws {
    _ = try request()
    _ = try publicHosts()
  }

  func run() throws {
    let request = try request()
    guard case .done(let code?, let pin, let told) = try control.ask(request), code.isWord else {
      throw Failure("the server gave no code")
    }
    // Earlier versions of the server do not send their address.
    let known =
      told.flatMap { ServerPlace($0) } ?? ServerPlace(host: nil, port: control.server.port ?? PortOption.standard)
    // A host without a port gets the server's port.
    let place = ServerPlace(try publicHosts(), port: known.hosts.first?.port ?? PortOption.standard) ?? known
    let line = try ShareLine(endpoint: Endpoint(place), pin: pin, invitation: code).description
    do {
      try announce(line)
    } catch {
      // The code is valid, and this is the only output that contains it.
      throw Failure("\(error.description); the invitation is valid nevertheless: \(line)")
    }
    // To standard error, so that the line on standard output can be piped.
    note(request.outcome)
    if host == nil, place.isLoopback {
      note("The server listens only on this machine: other machines cannot reach it.")
    }
  }

  private func request() throws -> AdminRequest {
    let range = AdminRequest.inviteUses
    guard range.contains(uses) else {
      throw ValidationError("--uses is \(uses); it goes from \(range.lowerBound) to \(range.upperBound).")
    }
    guard expires != "never" else { return .admit(uses: uses, for: .forever) }
    do { return .admit(uses: uses, for: try AdminRequest.Span(typed: expires)) } catch {
      throw ValidationError("--expires: \(error).")
    }
  }

  /// The hosts of `--host`; empty without it.
  private func publicHosts() throws -> [PublicHost] {
    guard let host else { return [] }
    do { return try PublicHost.list(host) } catch { throw ValidationError(error.description) }
  }
}

extension String {
  /// Whether the text can be used unescaped in a link and between quotation marks.
  fileprivate var isWord: Bool {
    !isEmpty && utf8.count <= 128 && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
  }
}
