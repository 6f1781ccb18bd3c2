extension AdminRequest {
  /// - Parameter words: what follows the verb.
  /// - Returns: nil where the verb is none of these.
  init?(_ verb: Verb, _ words: inout Words) throws(RequestError) {
    switch verb {
    case .key: self = try Self.key(&words)
    case .create: self = .create(try words.room(for: verb))
    case .invite: self = .invite(try words.room(for: verb), try words.name(for: verb))
    case .uninvite: self = .uninvite(try words.room(for: verb), try words.name(for: verb))
    case .admit:
      guard let uses = words.number(), uses > 0 else { throw RequestError(.invalidRequest, verb) }
      self = .admit(uses: uses, for: try words.span(for: verb))
    case .kick: self = .kick(try words.name(for: verb), reason: words.remainder)
    case .ban: self = .ban(try words.subject(for: verb), for: try words.span(for: verb), reason: words.remainder)
    case .unban: self = .unban(try words.subject(for: verb))
    case .mute: self = .mute(try words.name(for: verb), for: try words.span(for: verb), reason: words.remainder)
    case .unmute: self = .unmute(try words.name(for: verb))
    case .bans: self = .listSanctions
    case .slow:
      let room = try words.room(for: verb)
      guard let seconds = words.number(), seconds <= Self.longestSlowness else {
        throw RequestError(.invalidRequest, verb)
      }
      self = .slow(room, seconds: seconds)
    case .remove:
      guard let target = words.target(), let sequence = words.number() else {
        throw RequestError(.invalidRequest, verb)
      }
      self = .remove(target, sequence: sequence, reason: words.remainder)
    case .makeOperator: self = .makeOperator(try words.name(for: verb))
    case .unmakeOperator: self = .unmakeOperator(try words.name(for: verb))
    case .operators: self = .listOperators
    case .audit:
      guard let limit = words.number(), limit > 0 else { throw RequestError(.invalidRequest, verb) }
      self = .listActs(limit: limit)
    default: return nil
    }
  }

  /// An hour.
  public static let longestSlowness = 3600

  private static func key(_ words: inout Words) throws(RequestError) -> AdminRequest {
    let action = words.next()?.asciiUppercased()
    if action == "LIST" { return .listKeys }
    guard let key = words.next().flatMap({ PublicKey($0) }) else { throw RequestError(.invalidRequest, .key) }
    switch action {
    case "ADD": return .addKey(key, label: words.remainder)
    case "REMOVE": return .removeKey(key)
    default: throw RequestError(.invalidRequest, .key)
    }
  }
}

extension Words {
  fileprivate mutating func name(for verb: Verb) throws(RequestError) -> Nickname {
    guard let name = next().flatMap({ Nickname($0) }) else { throw RequestError(.invalidRequest, verb) }
    return name
  }

  fileprivate mutating func subject(for verb: Verb) throws(RequestError) -> Subject {
    guard let subject = next().flatMap({ Subject($0) }) else { throw RequestError(.invalidRequest, verb) }
    return subject
  }

  fileprivate mutating func span(for verb: Verb) throws(RequestError) -> AdminRequest.Span {
    guard let span = next().flatMap({ AdminRequest.Span($0) }) else { throw RequestError(.invalidRequest, verb) }
    return span
  }
}
