import ArgumentParser
import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport

/// Options that select a running server.
struct ControlOption: ParsableArguments {
  @OptionGroup var server: LocatorOption

  /// - Throws: `Failure` if no server runs there, if it does not answer, or with its explanation if it refuses. Also if
  ///   standard output cannot be written: the request is then not sent.
  func ask(_ request: AdminRequest) throws -> AdminAnswer {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let socket = try ControlConnection(directories: try server.directories())
    let answer = try socket.ask(request)
    if case .refused(let reason) = answer { throw Failure(reason) }
    return answer
  }
}
