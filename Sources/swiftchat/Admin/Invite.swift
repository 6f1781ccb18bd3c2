import ArgumentParser
import ChatClient
import ChatProtocol
import ChatUI

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `swiftchat invite`
struct Invite: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let somebody into a server that is for invited people.",
    discussion: """
      Asks the server that runs on this machine for a code, and prints the line to pass on. Who comes in with it, with a \
      key of their own, is in for good.
      """
  )

  @Option(help: "How many people may come in with it.") var uses = 1

  @Option(help: ArgumentHelp("30m, 12h, 7d or 2w; or never.", valueName: "span"))
  var expires = "7d"

  @Option(help: "Under which name or address they reach this machine. (default: the address in the network)")
  var host: String?

  @OptionGroup var control: ControlOption

  func validate() throws {
    _ = try request()
    _ = try endpoint()
  }

  func run() throws {
    let (request, endpoint) = (try request(), try endpoint())
    guard case .done(let code?, let pin) = try control.ask(request), code.isWord else {
      throw Failure("the server gave no code")
    }
    announce(ShareLine(endpoint: endpoint, pin: pin, invitation: code).description)
    // Not on standard output, so that the line can be piped on.
    write("\(request.outcome)\n", to: STDERR_FILENO)
  }

  private func request() throws -> AdminRequest {
    guard (1...1_000_000).contains(uses) else { throw ValidationError("--uses is \(uses); it goes from 1 to 1000000.") }
    guard expires != "never" else { return .admit(uses: uses, for: .forever) }
    do { return .admit(uses: uses, for: try AdminRequest.Span(typed: expires)) } catch {
      throw ValidationError("--expires: \(error).")
    }
  }

  private func endpoint() throws -> Endpoint {
    do {
      return try Endpoint(host: host ?? LocalAddress.reachable, port: try control.port.number)
    } catch let error as EndpointError {
      throw ValidationError(error.description)
    }
  }
}

extension String {
  /// Whether it can stand in a link and between quotes as it is.
  fileprivate var isWord: Bool {
    !isEmpty && utf8.count <= 128 && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
  }
}
