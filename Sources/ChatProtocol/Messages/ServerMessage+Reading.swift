extension ServerMessage {
  /// Reads a line from a swiftchat server or any other server of the plain dialect. A line that cannot be read becomes
  /// `.unrecognised`, never an error, because a client cannot report an error to the server.
  /// - Parameter capabilities: the capabilities agreed on with `CAP`. With none, the server may be a foreign one, and a
  ///   colon after a sender's name (`MSG neha: hi`) is not part of the name.
  public init(reading line: Line, in capabilities: Capabilities) {
    self = Self.read(line.text, in: capabilities) ?? .unrecognised(line.text)
    if capabilities.contains(.lines), line.tags.hasLines { self = withUnescapedLines() }
  }

  private static func read(_ line: String, in capabilities: Capabilities) -> ServerMessage? {
    var words = Words(line)
    // Non-ASCII letters that compare equal to ASCII ones, such as the Kelvin sign, must not spell a verb.
    guard let word = words.next(), word.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    switch word.asciiUppercased() {
    case "OK": return .ok(words.next().flatMap(Verb.init(reading:)))
    case "ERR": return error(&words, in: capabilities)
    case "MSG":
      guard let sender = sender(&words, in: capabilities) else { return nil }
      return .message(from: sender, text: words.remainder)
    case "DM":
      guard let sender = sender(&words, in: capabilities) else { return nil }
      return .direct(from: sender, text: words.remainder)
    case "USER":
      guard let name = words.next().flatMap({ Nickname($0) }), words.isAtEnd else { return nil }
      return .user(name)
    case "USERS":
      let names = words.remainder.utf8.split { $0 == UInt8(ascii: ",") || Words.isSpace($0) }
      return .users(names.compactMap { Nickname(Substring($0)) })
    case "PONG": return .pong
    case "INFO": return .info(notice(words.remainder))
    case "JOINED": return words.next().flatMap { Nickname($0) }.map { .joined($0) }
    case "LEFT":
      guard let name = words.next().flatMap({ Nickname($0) }) else { return nil }
      return .left(name, words.next().flatMap { LeaveReason(rawValue: String($0)) } ?? .closed)
    case "AWAY": return words.next().flatMap { Nickname($0) }.map { .away($0, text: words.remainder) }
    case "BACK": return words.next().flatMap { Nickname($0) }.map { .back($0) }
    case "CAP":
      guard let reply = words.next().flatMap({ CapabilityReply(rawValue: $0.asciiUppercased()) }) else { return nil }
      return .capabilities(reply, words.all().map(String.init))
    case "BATCH": return batch(&words)
    case "ROOM":
      guard let room = words.next().flatMap({ RoomName($0) }), let people = words.number() else { return nil }
      return .room(room, people: people, topic: words.remainder)
    case "TOPIC":
      guard let name = words.next().flatMap({ Nickname($0) }) else { return nil }
      return .topic(from: name, text: words.remainder)
    case "SYNC":
      guard let target = words.target(), let epoch = words.next().flatMap({ Epoch($0) }), let head = words.number()
      else { return nil }
      return .sync(target, epoch, head: head)
    case "GAP":
      guard let target = words.target(), let from = words.number(), let to = words.number() else { return nil }
      return .gap(target, from: from, to: to)
    case "RESET":
      guard let target = words.target(), let epoch = words.next().flatMap({ Epoch($0) }) else { return nil }
      return .reset(target, epoch)
    case "MARK":
      guard let target = words.target(), let sequence = words.number() else { return nil }
      return .mark(target, sequence)
    case "CHALLENGE": return words.next().flatMap { LoginChallenge($0) }.map { .challenge($0) }
    case "REMOVED":
      guard let target = words.target(), let sequence = words.number(),
        let name = words.next().flatMap({ Nickname($0) })
      else { return nil }
      return .redacted(target, sequence, by: name)
    case "KEY": return words.key()
    case "SANCTION": return words.sanction()
    case "OPERATOR": return words.next().flatMap { Nickname($0) }.map { .operatorName($0) }
    case "ACT": return words.act()
    case "MOTD": return .messageOfTheDay(words.remainder)
    case "BYE":
      guard let reason = words.next().flatMap({ ByeReason(rawValue: String($0)) }) else { return nil }
      return .bye(reason, text: words.remainder)
    default: return nil
    }
  }

  private static func error(_ words: inout Words, in capabilities: Capabilities) -> ServerMessage? {
    guard let code = words.next() else { return nil }
    guard capabilities.contains(.tags) else { return .error(ErrorReply(code: String(code), text: words.remainder)) }
    let verb = words.next().flatMap(Verb.init(reading:))
    return .error(ErrorReply(code: String(code), verb: verb, text: words.remainder))
  }

  private static func sender(_ words: inout Words, in capabilities: Capabilities) -> Nickname? {
    guard let name = words.next() else { return nil }
    guard capabilities.isEmpty, name.utf8.count > 1, name.utf8.last == UInt8(ascii: ":") else { return Nickname(name) }
    return Nickname(Substring(name.utf8.dropLast()))
  }

  private static func notice(_ text: String) -> Notice {
    var words = Words(text)
    if let name = words.next().flatMap({ Nickname($0) }), words.remainder == "disconnected" {
      return .disconnected(name)
    }
    return .other(text)
  }

  private static func batch(_ words: inout Words) -> ServerMessage? {
    guard let reference = words.next(), reference.utf8.count > 1 else { return nil }
    let name = String(Substring(reference.utf8.dropFirst()))
    switch reference.utf8.first {
    case UInt8(ascii: "+"):
      return .batchStart(reference: name, kind: words.next().map(String.init) ?? "", target: words.target())
    case UInt8(ascii: "-"): return .batchEnd(reference: name)
    default: return nil
    }
  }
}
