import ArgumentParser
import ChatProtocol
import ChatUI

/// Which running server.
struct ControlOption: ParsableArguments {
  @OptionGroup var port: PortOption
  @OptionGroup var data: DataDirectory

  func validate() throws { _ = try port.number }

  /// - Throws: `Failure` where no server runs there, where it does not answer, and with its words where it refuses.
  func ask(_ request: AdminRequest) throws -> AdminAnswer {
    ignoreBrokenPipes()
    let socket = try ControlConnection(directory: try data.path(port: try port.number))
    let answer = try socket.ask(request)
    if case .refused(let reason) = answer { throw Failure(reason) }
    return answer
  }
}
