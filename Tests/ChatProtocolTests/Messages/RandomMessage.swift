import ChatProtocol
import TestSupport

// Messages that a dialect can carry without loss.

extension SeededGenerator {
  /// A message of the plain dialect, or `AWAY`.
  mutating func plainClientMessage() -> ClientMessage {
    switch number(0...8) {
    case 0: .login(name())
    case 1, 2: .message(message())
    case 3: .direct(to: name(), text: message())
    case 4: .away(flip() ? nil : message())
    case 5: .requestCapabilities((0..<number(1...3)).map { _ in word() })
    case 6: .listCapabilities
    case 7: pick([.who(nil), .ping, .quit])
    default: .message(word())
    }
  }

  mutating func clientMessage() -> ClientMessage {
    switch number(0...15) {
    case 0: joining()
    case 1: .part(room())
    case 2: pick([.rooms, .who(room())])
    case 3: .topic(room(), flip() ? nil : message())
    case 4: .say(target(), text: message())
    case 5: .history(target(), pick([.latest, .before(count()), .after(count())]), limit: 1 + count() / 2)
    case 6: .search(flip() ? nil : target(), limit: 1 + count() / 2, text: message())
    case 7: .resume(token: word(), (0..<number(0...3)).map { _ in cursor() })
    case 8: .mark(target(), count())
    case 9...12: .admin(adminRequest())
    default: plainClientMessage()
    }
  }

  /// A join whose cursor is of the same room.
  private mutating func joining() -> ClientMessage {
    let room = room()
    return .join(room, flip() ? nil : Cursor(target: .room(room), epoch: epoch(), sequence: count()))
  }

  mutating func room() -> RoomName {
    while true {
      if let room = RoomName("#" + word()) { return room }
    }
  }

  mutating func target() -> Target { flip() ? .room(room()) : .person(name()) }

  /// A count up to the largest that can be read.
  mutating func count() -> Int { pick([0, 1, 9, 10, number(0...1_000_000), 999_999_999_999_999_999]) }

  mutating func epoch() -> Epoch {
    let letters = Array("abzAZ019.-")
    return Epoch(testing: String((0..<number(1...20)).map { _ in pick(letters) }))
  }

  mutating func cursor() -> Cursor { Cursor(target: target(), epoch: epoch(), sequence: count()) }

  mutating func serverMessage(for dialect: Capabilities) -> ServerMessage {
    while true {
      let message = anyServerMessage(for: dialect)
      if message.isKnown(in: dialect) { return message }
    }
  }

  private mutating func anyServerMessage(for dialect: Capabilities) -> ServerMessage {
    let hasTags = dialect.contains(.tags)
    // From a server without capabilities, a colon after a name is not a part of the name.
    let sender = name { !dialect.isEmpty || $0.utf8.count == 1 || $0.utf8.last != 0x3a }
    switch number(0...26) {
    case 0: return hasTags ? .ok(flip() ? nil : pick(Verb.allCases)) : .pong
    case 1:
      guard hasTags else { return .error(ErrorReply(code: word())) }
      return .error(ErrorReply(code: word(), verb: flip() ? nil : pick(Verb.allCases), text: text()))
    case 2: return .message(from: sender, text: hasTags ? text() : text().collapsed)
    case 3: return .direct(from: sender, text: hasTags ? text() : text().trimmed)
    case 4: return .user(name())
    case 5: return .users((0..<number(0...4)).map { _ in name { !$0.utf8.contains(0x2c) } })
    case 6: return .info(.disconnected(name()))
    case 7: return .info(.other(text()))
    case 8: return .joined(name())
    case 9: return dialect.contains(.presence) ? .left(name(), pick(LeaveReason.allCases)) : .pong
    case 10: return .away(name(), text: text())
    case 11: return .back(name())
    case 12: return .capabilities(pick([.list, .acknowledged, .refused]), (0..<number(0...3)).map { _ in word() })
    case 13: return .batchStart(reference: word(), kind: word(), target: flip() ? nil : target())
    case 14: return .batchEnd(reference: word())
    case 15: return .messageOfTheDay(text())
    case 16: return .room(room(), people: count(), topic: text())
    case 17: return .topic(from: name(), text: text())
    case 18: return .sync(target(), epoch(), head: count())
    case 19: return .gap(target(), from: count(), to: count())
    case 20: return .challenge(challenge())
    case 21: return .redacted(target(), count(), by: name())
    case 22: return .key(accountKey())
    case 23: return .sanction(sanction())
    case 24: return .operatorName(name())
    case 25: return .act(act())
    case 26: return flip() ? .reset(target(), epoch()) : .mark(target(), count())
    default: return hasTags ? .bye(pick(ByeReason.allCases), text: text()) : .pong
    }
  }
}
