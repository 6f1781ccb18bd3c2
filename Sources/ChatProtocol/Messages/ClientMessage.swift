import NIOCore

/// A request from a client.
///
///     line = [ "@" tags SP ] verb [ SP parameters ]      verb in any letter case
///
///     LOGIN name | MSG text | DM name text | WHO | PING | QUIT
///     AWAY [ text ] | CAP LS | CAP REQ name…
///     JOIN room [ epoch sequence ] | PART room | ROOMS | WHO [ room ] | TOPIC room [ text ] | SAY target text
///     HISTORY target BEFORE|AFTER sequence limit | HISTORY target LATEST * limit
///     SEARCH target|* limit text | RESUME token { target epoch sequence } | MARK target sequence
///
/// and the requests of `AdminRequest`.
///
/// In the plain dialect white space around and between words is ignored, and runs of it in a text become one space,
/// except in `DM`, which keeps the inner white space of its text. A session with tags sends its text verbatim:
/// everything after the single space behind the last word.
public enum ClientMessage: Hashable, Sendable {
  case login(Nickname)
  case message(String)
  case direct(to: Nickname, text: String)
  /// Nil asks for all users on the server.
  case who(RoomName?)
  case ping
  case quit
  /// Nil if the user is back.
  case away(String?)
  case listCapabilities
  /// The requested names, known or not.
  case requestCapabilities([String])
  /// - Parameter cursor: the client's position in the room; nil if it has none.
  case join(RoomName, Cursor?)
  case part(RoomName)
  case rooms
  /// Nil removes the topic.
  case topic(RoomName, String?)
  case say(Target, text: String)
  case history(Target, HistoryRange, limit: Int)
  /// - Parameter target: nil for all conversations that the requester may read.
  case search(Target?, limit: Int, text: String)
  case resume(token: String, [Cursor])
  case mark(Target, Int)
  case admin(AdminRequest)
}

extension ClientMessage {
  /// - Parameter dialect: with `tags`, texts are taken verbatim. Verbs of capabilities that were not agreed on are
  ///   unknown commands.
  /// - Returns: nil for a blank line, which is ignored.
  public init?(reading line: Line, in dialect: Capabilities) throws(RequestError) {
    let spacing = dialect.contains(.tags) ? Spacing.verbatim : .collapsed
    var rest = Words(line.text)
    guard let word = rest.next() else {
      guard !line.hasControlCharacters else { throw RequestError(.controlCharacter) }
      return nil
    }
    let verb = Verb(reading: word).flatMap { $0.isKnown(in: dialect) ? $0 : nil }
    guard !line.hasControlCharacters else {
      throw verb == .login ? RequestError(.invalidUsername, .login) : RequestError(.controlCharacter, verb)
    }
    switch verb {
    case .login:
      guard let name = rest.next(), rest.isAtEnd, let nickname = Nickname(name) else {
        throw RequestError(.invalidUsername, verb)
      }
      self = .login(nickname)
    case .message:
      guard let text = rest.text(spacing) else { throw RequestError(.emptyMessage, verb) }
      self = .message(text)
    case .direct:
      guard let name = rest.next(), let text = rest.text(spacing == .verbatim ? .verbatim : .trimmed) else {
        throw RequestError(.invalidDirectFormat, verb)
      }
      // An invalid name is reported like an unknown one.
      guard let nickname = Nickname(name) else { throw RequestError(.userNotFound, verb) }
      self = .direct(to: nickname, text: text)
    case .who: self = .who(dialect.contains(.rooms) ? try rest.room(orNothingFor: verb) : nil)
    case .ping: self = .ping
    case .quit: self = .quit
    case .away: self = .away(rest.text(spacing))
    case .capabilities:
      switch rest.next()?.asciiUppercased() {
      case "LS": self = .listCapabilities
      case "REQ":
        let names = rest.all().map(String.init)
        guard !names.isEmpty else { throw RequestError(.invalidCapabilityRequest, verb) }
        self = .requestCapabilities(names)
      default: throw RequestError(.invalidCapabilityRequest, verb)
      }
    case .join: self = try rest.joining()
    case .part: self = .part(try rest.room(for: .part))
    case .rooms: self = .rooms
    case .topic: self = .topic(try rest.room(for: .topic), rest.text(spacing))
    case .say:
      guard let target = rest.target() else { throw RequestError(.invalidSay, verb) }
      guard let text = rest.text(spacing) else { throw RequestError(.emptyMessage, verb) }
      self = .say(target, text: text)
    case .history: self = try rest.history()
    case .search: self = try rest.search()
    case .resume: self = try rest.resuming()
    case .mark:
      guard let target = rest.target(), let sequence = rest.number(), rest.isAtEnd else {
        throw RequestError(.invalidMark, verb)
      }
      self = .mark(target, sequence)
    case .key, .create, .invite, .uninvite, .admit, .kick, .ban, .unban, .bans, .mute, .unmute, .slow, .remove, .delete,
      .makeOperator, .unmakeOperator, .operators, .audit:
      guard let verb, let request = try AdminRequest(verb, &rest) else { throw RequestError(.unknownCommand) }
      self = .admin(request)
    case nil: throw RequestError(.unknownCommand)
    }
  }

  /// Appends the line, including its LF.
  public func write(into buffer: inout ByteBuffer, tags: Tags = Tags()) {
    tags.write(into: &buffer)
    switch self {
    case .login(let name):
      buffer.append(Verb.login.rawValue)
      buffer.append(parameter: name.text)
    case .message(let text):
      buffer.append(Verb.message.rawValue)
      buffer.append(freeText: text)
    case .direct(let name, let text):
      buffer.append(Verb.direct.rawValue)
      buffer.append(parameter: name.text)
      buffer.append(freeText: text)
    case .who(let room):
      buffer.append(Verb.who.rawValue)
      if let room { buffer.append(parameter: room.text) }
    case .ping: buffer.append(Verb.ping.rawValue)
    case .quit: buffer.append(Verb.quit.rawValue)
    case .away(let text):
      buffer.append(Verb.away.rawValue)
      if let text { buffer.append(freeText: text) }
    case .listCapabilities: buffer.append("CAP LS")
    case .requestCapabilities(let names):
      buffer.append("CAP REQ")
      for name in names { buffer.append(freeText: name) }
    case .join(let room, let cursor):
      buffer.append(Verb.join.rawValue)
      buffer.append(parameter: room.text)
      if let cursor {
        buffer.append(parameter: cursor.epoch.text)
        buffer.append(parameter: String(cursor.sequence))
      }
    case .part(let room):
      buffer.append(Verb.part.rawValue)
      buffer.append(parameter: room.text)
    case .rooms: buffer.append(Verb.rooms.rawValue)
    case .topic(let room, let text):
      buffer.append(Verb.topic.rawValue)
      buffer.append(parameter: room.text)
      if let text { buffer.append(freeText: text) }
    case .say(let target, let text):
      buffer.append(Verb.say.rawValue)
      buffer.append(parameter: target.text)
      buffer.append(freeText: text)
    case .history(let target, let range, let limit):
      buffer.append(Verb.history.rawValue)
      buffer.append(parameter: target.text)
      switch range {
      case .before(let sequence): buffer.append(" BEFORE \(sequence)")
      case .after(let sequence): buffer.append(" AFTER \(sequence)")
      case .latest: buffer.append(" LATEST *")
      }
      buffer.append(parameter: String(limit))
    case .search(let target, let limit, let text):
      buffer.append(Verb.search.rawValue)
      buffer.append(parameter: target?.text ?? Self.everywhere)
      buffer.append(parameter: String(limit))
      buffer.append(freeText: text)
    case .resume(let token, let cursors):
      buffer.append(Verb.resume.rawValue)
      buffer.append(freeText: token)
      for cursor in cursors { buffer.append(cursor) }
    case .mark(let target, let sequence):
      buffer.append(Verb.mark.rawValue)
      buffer.append(parameter: target.text)
      buffer.append(parameter: String(sequence))
    case .admin(let request): request.write(into: &buffer)
    }
    buffer.append(UInt8(ascii: "\n"))
  }
}
