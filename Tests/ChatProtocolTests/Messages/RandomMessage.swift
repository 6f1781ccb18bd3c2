import TestSupport
import ChatProtocol

/// Messages that a dialect can carry without loss.
extension SeededGenerator {
  mutating func clientMessage() -> ClientMessage {
    switch number(0...8) {
    case 0: .login(name())
    case 1, 2: .message(message())
    case 3: .direct(to: name(), text: message())
    case 4: .away(flip() ? nil : message())
    case 5: .requestCapabilities((0..<number(1...3)).map { _ in word() })
    case 6: .listCapabilities
    case 7: pick([.who, .ping, .quit])
    default: .message(word())
    }
  }

  mutating func serverMessage(for dialect: Capabilities) -> ServerMessage {
    while true {
      let message = anyServerMessage(for: dialect)
      if message.isKnown(in: dialect) { return message }
    }
  }

  private mutating func anyServerMessage(for dialect: Capabilities) -> ServerMessage {
    let hasTags = dialect.contains(.tags)
    // From a server that agreed to nothing, a colon behind a name is not a part of it.
    let sender = name { !dialect.isEmpty || $0.utf8.count == 1 || $0.utf8.last != 0x3a }
    switch number(0...15) {
    case 0: return hasTags ? .ok(flip() ? nil : pick(Verb.allCases)) : .pong
    case 1:
      guard hasTags else { return .error(ErrorReply(code: word())) }
      return .error(ErrorReply(code: word(), verb: flip() ? nil : pick(Verb.allCases), text: text()))
    case 2: return .message(from: sender, text: hasTags ? text() : text().collapsed)
    case 3: return .direct(from: sender, text: hasTags ? text() : text().collapsed)
    case 4: return .user(name())
    case 5: return .users((0..<number(0...4)).map { _ in name { !$0.utf8.contains(0x2c) } })
    case 6: return .info(.disconnected(name()))
    case 7: return .info(.other(text()))
    case 8: return .joined(name())
    case 9: return dialect.contains(.presence) ? .left(name(), pick(LeaveReason.allCases)) : .pong
    case 10: return .away(name(), text: text())
    case 11: return .back(name())
    case 12: return .capabilities(pick([.list, .acknowledged, .refused]), (0..<number(0...3)).map { _ in word() })
    case 13: return flip() ? .batchStart(reference: word(), kind: word()) : .batchEnd(reference: word())
    case 14: return .messageOfTheDay(text())
    default: return hasTags ? .bye(pick(ByeReason.allCases), text: text()) : .pong
    }
  }
}
