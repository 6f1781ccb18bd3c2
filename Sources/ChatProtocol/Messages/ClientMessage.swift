/// A request from a client.
///
///     line = [ "@" tags SP ] verb [ SP parameters ]      verb in any letter case
///
/// `VerbSyntax` has the parameters of each verb.
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
  /// - Parameter capabilities: with `tags`, texts are taken verbatim, and with `lines` they may be escaped. Verbs of
  ///   capabilities that were not agreed on are unknown commands.
  /// - Returns: nil for a blank line, which is ignored.
  public init?(reading line: Line, in capabilities: Capabilities) throws(RequestError) {
    var rest = Words(line.text)
    guard let word = rest.next() else {
      guard !line.hasControlCharacters else { throw RequestError(.controlCharacter) }
      return nil
    }
    let verb = Verb(reading: word).flatMap { $0.isKnown(in: capabilities) ? $0 : nil }
    guard !line.hasControlCharacters else {
      throw verb == .login ? RequestError(.invalidUsername, .login) : RequestError(.controlCharacter, verb)
    }
    guard let verb else { throw RequestError(.unknownCommand) }
    let syntax = verb.syntax
    do throws(RequestError) {
      self = try syntax.read(&rest, capabilities)
      if let surplus = syntax.surplus, !rest.isAtEnd { throw RequestError(surplus) }
      if capabilities.contains(.lines), line.tags.hasLines { self = try withUnescapedLines() }
    } catch {
      throw RequestError(error.code, verb, text: error.text)
    }
  }

  public var verb: Verb {
    switch self {
    case .login: .login
    case .message: .message
    case .direct: .direct
    case .who: .who
    case .ping: .ping
    case .quit: .quit
    case .away: .away
    case .listCapabilities, .requestCapabilities: .capabilities
    case .join: .join
    case .part: .part
    case .rooms: .rooms
    case .topic: .topic
    case .say: .say
    case .history: .history
    case .search: .search
    case .resume: .resume
    case .mark: .mark
    case .admin(let request): request.verb
    }
  }
}
