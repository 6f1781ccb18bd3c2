import TestSupport
import ChatProtocol

/// Messages that a dialect can carry without loss.
extension SeededGenerator {
  mutating func clientMessage() -> ClientMessage {
    guard chance(1, in: 2) else { return plainClientMessage() }
    switch number(0...9) {
    case 0: return .join(room(), nil)
    case 1:
      let room = room()
      return .join(room, cursor(.room(room)))
    case 2: return .part(room())
    case 3: return .topic(room(), flip() ? nil : message())
    case 4: return .say(target(), text: message())
    case 5: return .history(target(), pick([.latest, .before(count()), .after(count())]), limit: number(1...500))
    case 6: return .search(flip() ? nil : target(), limit: number(1...500), text: message())
    case 7: return .resume(token: word(), (0..<number(0...4)).map { _ in cursor(target()) })
    case 8: return .mark(target(), count())
    default: return pick([.rooms, .who(room())])
    }
  }

  /// What sessions of any dialect, or nearly any, may say.
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

  mutating func room() -> RoomName {
    while true {
      if let room = RoomName("#" + name().text) { return room }
    }
  }

  mutating func target() -> Target { flip() ? .room(room()) : .person(name()) }

  mutating func count() -> Int { pick([0, 1, 42, 999_999_999_999_999_999, number(0...1_000_000)]) }

  mutating func epoch() -> Epoch {
    while true {
      if let epoch = Epoch(pick(["a", "1gyisby4vgmfj", "x.12-3", String(repeating: "e", count: 64)])) { return epoch }
    }
  }

  mutating func cursor(_ target: Target) -> Cursor { Cursor(target: target, epoch: epoch(), sequence: count()) }

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
    switch number(0...21) {
    case 16: return .room(room(), people: count(), topic: text())
    case 17: return .topic(from: name(), text: text())
    case 18: return .sync(target(), epoch(), head: count())
    case 19: return .gap(target(), from: count(), to: count())
    case 20: return .reset(target(), epoch())
    case 21: return .mark(target(), count())
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
    case 13:
      guard flip() else { return .batchEnd(reference: word()) }
      return .batchStart(reference: word(), kind: word(), target: flip() ? nil : target())
    case 14: return .messageOfTheDay(text())
    default: return hasTags ? .bye(pick(ByeReason.allCases), text: text()) : .pong
    }
  }
}
