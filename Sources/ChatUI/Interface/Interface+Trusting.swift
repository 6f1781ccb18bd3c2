import ChatProtocol

// A server that is not the one that was met before.

extension Interface {
  mutating func warn(_ pinMismatch: PinMismatch) {
    self.pinMismatch = pinMismatch
    becomeOffline(pinMismatch.brief, retryIn: nil, isNobodyThere: false, isTold: true)
    ask(.warning(pinMismatch))
    // It can be read again, and what is compared be copied, when the question is gone.
    tabs.lobby.transcript.append(.alert(pinMismatch.explanation), at: now)
    if tabs.currentIndex > 0 { tell(.alert("\(pinMismatch.brief) The lobby has the whole of it.")) }
  }

  /// Nothing that is typed here accepts the server: that takes a command.
  mutating func pressInWarning(_ key: Key) -> [InterfaceCommand] {
    switch key {
    case Key(.escape), .control("c"): mode = .chatting
    default: return pressBehindQuestion(key)
    }
    return []
  }

  /// `/trust`
  mutating func trust() -> [InterfaceCommand] {
    guard let pinMismatch else {
      tell(.notice("there is nothing to accept: the server is the one that it was"))
      return []
    }
    self.pinMismatch = nil
    tell(.notice("\(pinMismatch.place) is accepted as it is now"))
    return [.trust(pinMismatch.seen)]
  }
}
