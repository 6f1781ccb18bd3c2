extension AdminRequest {
  /// - Parameter words: the words after the verb.
  /// - Returns: nil if the verb is not an administrative one.
  init?(_ verb: Verb, _ words: inout Words) throws(RequestError) {
    guard let request = try Self.read(verb, &words) else { return nil }
    // A second name must not be ignored silently.
    guard request.endsInText || words.isAtEnd else { throw RequestError(.invalidRequest, verb) }
    self = request
  }

  private static func read(_ verb: Verb, _ words: inout Words) throws(RequestError) -> AdminRequest? {
    switch verb {
    case .key: return try key(&words)
    case .create: return .create(try words.room(for: verb))
    case .invite: return .invite(try words.room(for: verb), try words.name(for: verb))
    case .uninvite: return .uninvite(try words.room(for: verb), try words.name(for: verb))
    case .admit:
      guard let uses = words.number(), uses > 0 else { throw RequestError(.invalidRequest, verb) }
      return .admit(uses: uses, for: try words.span(for: verb))
    case .kick: return .kick(try words.name(for: verb), reason: words.remainder)
    case .ban: return .ban(try words.subject(for: verb), for: try words.span(for: verb), reason: words.remainder)
    case .unban: return .unban(try words.subject(for: verb))
    case .mute: return .mute(try words.name(for: verb), for: try words.span(for: verb), reason: words.remainder)
    case .unmute: return .unmute(try words.name(for: verb))
    case .bans: return .listSanctions
    case .slow:
      let room = try words.room(for: verb)
      guard let seconds = words.number(), seconds <= longestSlowness else {
        throw RequestError(.invalidRequest, verb)
      }
      return .slow(room, seconds: seconds)
    case .remove:
      guard let target = words.target(), let sequence = words.number() else {
        throw RequestError(.invalidRequest, verb)
      }
      return .remove(target, sequence: sequence, reason: words.remainder)
    case .delete: return .delete(try words.room(for: verb), reason: words.remainder)
    case .makeOperator: return .makeOperator(try words.name(for: verb))
    case .unmakeOperator: return .unmakeOperator(try words.name(for: verb))
    case .operators: return .listOperators
    case .audit:
      guard let limit = words.number(), limit > 0 else { throw RequestError(.invalidRequest, verb) }
      return .listActs(limit: limit)
    default: return nil
    }
  }

  /// Maximum interval of slow mode, in seconds: one hour.
  public static let longestSlowness = 3600

  /// Allowed number of uses of one invitation.
  public static let inviteUses = 1...10_000

  /// Whether the last parameter is free text.
  private var endsInText: Bool {
    switch self {
    case .addKey, .kick, .ban, .mute, .remove, .delete: true
    default: false
    }
  }

  private static let keyAdvice =
    "A key is added by a request that it signed: swiftchat identity request NAME SERVER prints one where the key is."

  private static func key(_ words: inout Words) throws(RequestError) -> AdminRequest {
    let action = words.next()?.asciiUppercased()
    if action == "LIST" { return .listKeys }
    guard let word = words.next() else { throw RequestError(.invalidRequest, .key) }
    switch action {
    case "ADD":
      if let request = KeyRequest(word) { return .addKey(request, label: words.remainder) }
      // A bare public key does not prove possession of the private key.
      throw RequestError(PublicKey(word) == nil ? .invalidRequest : .invalidProof, .key, text: keyAdvice)
    case "REMOVE":
      guard let key = PublicKey(word) else { throw RequestError(.invalidRequest, .key) }
      return .removeKey(key)
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
    guard let subject = next().flatMap({ Subject($0) }) else {
      throw RequestError(.invalidRequest, verb, text: "\(verb.rawValue) is followed by \(Subject.forms).")
    }
    return subject
  }

  fileprivate mutating func span(for verb: Verb) throws(RequestError) -> AdminRequest.Span {
    guard let span = next().flatMap({ AdminRequest.Span($0) }) else { throw RequestError(.invalidRequest, verb) }
    return span
  }
}
