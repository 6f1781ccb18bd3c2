import NIOCore

/// What a client says.
///
///     line = [ "@" tags SP ] verb [ SP parameters ]      verb in any letter case
///
///     LOGIN name | MSG text | DM name text | WHO | PING | QUIT
///     AWAY [ text ] | CAP LS | CAP REQ name…
///
/// In the plain dialect white space around and between words does not count, and runs of it in a text become one
/// space. A session with tags sends its text verbatim: all that follows the one space after the last word.
public enum ClientMessage: Hashable, Sendable {
  case login(Nickname)
  case message(String)
  case direct(to: Nickname, text: String)
  case who
  case ping
  case quit
  /// With nil: back again.
  case away(String?)
  case listCapabilities
  /// The names as they were asked for, known or not.
  case requestCapabilities([String])
}

extension ClientMessage {
  /// - Parameter isVerbatim: whether texts are taken as they stand, as a session with tags has it.
  /// - Returns: nil for a blank line, which means nothing.
  public init?(reading line: Line, isVerbatim: Bool) throws(RequestError) {
    var rest = Words(line.text)
    guard let word = rest.next() else {
      guard !line.hasControlCharacters else { throw RequestError(.controlCharacter) }
      return nil
    }
    let verb = Verb(reading: word)
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
      guard let text = rest.text(isVerbatim: isVerbatim) else { throw RequestError(.emptyMessage, verb) }
      self = .message(text)
    case .direct:
      guard let name = rest.next(), let text = rest.text(isVerbatim: isVerbatim) else {
        throw RequestError(.invalidDirectFormat, verb)
      }
      // A name that nobody can have is a name that nobody has.
      guard let nickname = Nickname(name) else { throw RequestError(.userNotFound, verb) }
      self = .direct(to: nickname, text: text)
    case .who: self = .who
    case .ping: self = .ping
    case .quit: self = .quit
    case .away: self = .away(rest.text(isVerbatim: isVerbatim))
    case .capabilities:
      switch rest.next()?.asciiUppercased() {
      case "LS": self = .listCapabilities
      case "REQ":
        let names = rest.all().map(String.init)
        guard !names.isEmpty else { throw RequestError(.invalidCapabilityRequest, verb) }
        self = .requestCapabilities(names)
      default: throw RequestError(.invalidCapabilityRequest, verb)
      }
    case nil: throw RequestError(.unknownCommand)
    }
  }

  /// Appends the line, with its end.
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
    case .who: buffer.append(Verb.who.rawValue)
    case .ping: buffer.append(Verb.ping.rawValue)
    case .quit: buffer.append(Verb.quit.rawValue)
    case .away(let text):
      buffer.append(Verb.away.rawValue)
      if let text { buffer.append(freeText: text) }
    case .listCapabilities: buffer.append("CAP LS")
    case .requestCapabilities(let names):
      buffer.append("CAP REQ")
      for name in names { buffer.append(freeText: name) }
    }
    buffer.append(UInt8(ascii: "\n"))
  }
}
