import ArgumentParser
import ChatProtocol
import ChatUI

/// Which running server.
struct ControlOption: ParsableArguments {
  @OptionGroup var server: LocatorOption

  /// - Throws: `Failure` where no server runs there, where it does not answer, and with its words where it refuses. Also
  ///   where standard output takes nothing: nothing is done then.
  func ask(_ request: AdminRequest) throws -> AdminAnswer {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let socket = try ControlConnection(directories: try server.directories())
    let answer = try socket.ask(request)
    if case .refused(let reason) = answer { throw Failure(reason) }
    return answer
  }
}
