import ChatProtocol
import TerminalTypes

// A server whose pin is not the known one.

extension Interface {
  mutating func warn(_ pinMismatch: PinMismatch) {
    connection.distrust(pinMismatch)
    becomeOffline(pinMismatch.brief, retryIn: nil, isNobodyThere: false, isTold: true)
    overlays.ask(PinWarning(pinMismatch: pinMismatch))
    // In the lobby the warning can be read again, and the pins copied, after the question is closed.
    tabs.lobby.transcript.append(.alert(pinMismatch.explanation), at: now)
    if tabs.currentIndex > 0 { tell(.alert("\(pinMismatch.brief) The lobby has the whole of it.")) }
  }

  /// Handles `/trust`.
  mutating func trust() -> [InterfaceCommand] {
    guard let pinMismatch = connection.accept() else {
      tell(.notice("there is nothing to accept: the server is the one that it was"))
      return []
    }
    tell(.notice("\(pinMismatch.endpoint.summary) is accepted as it is now"))
    return [.client(.trust(pinMismatch.seen))]
  }
}
