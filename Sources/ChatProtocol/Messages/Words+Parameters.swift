// Parameters of a client's line. Errors do not name the verb: `ClientMessage.init(reading:in:)` adds it.

extension Words {
  mutating func target() -> Target? { next().flatMap { Target($0) } }

  mutating func number() -> Int? { next()?.asCount }

  mutating func target(or code: ErrorCode) throws(RequestError) -> Target {
    guard let target = target() else { throw RequestError(code) }
    return target
  }

  mutating func number(or code: ErrorCode) throws(RequestError) -> Int {
    guard let number = number() else { throw RequestError(code) }
    return number
  }

  /// A number from 1.
  mutating func positive(or code: ErrorCode = .invalidRequest) throws(RequestError) -> Int {
    let number = try number(or: code)
    guard number > 0 else { throw RequestError(code) }
    return number
  }

  mutating func text(_ spacing: Spacing, or code: ErrorCode) throws(RequestError) -> String {
    guard let text = text(spacing) else { throw RequestError(code) }
    return text
  }

  mutating func name(or code: ErrorCode = .invalidRequest) throws(RequestError) -> Nickname {
    guard let name = next().flatMap({ Nickname($0) }) else { throw RequestError(code) }
    return name
  }

  mutating func room() throws(RequestError) -> RoomName {
    guard let room = next().flatMap({ RoomName($0) }) else { throw RequestError(.invalidRoom) }
    return room
  }

  mutating func subject(for verb: Verb) throws(RequestError) -> Subject {
    guard let subject = next().flatMap({ Subject($0) }) else {
      throw RequestError(.invalidRequest, text: "\(verb.rawValue) is followed by \(Subject.forms).")
    }
    return subject
  }

  mutating func span() throws(RequestError) -> AdminRequest.Span {
    guard let span = next().flatMap({ AdminRequest.Span($0) }) else { throw RequestError(.invalidRequest) }
    return span
  }

  /// The epoch and sequence of a cursor.
  fileprivate mutating func cursor(in target: Target, or code: ErrorCode) throws(RequestError) -> Cursor {
    guard let epoch = next().flatMap({ Epoch($0) }) else { throw RequestError(code) }
    return Cursor(target: target, epoch: epoch, sequence: try number(or: code))
  }

  mutating func joining() throws(RequestError) -> ClientMessage {
    let room = try room()
    return .join(room, isAtEnd ? nil : try cursor(in: .room(room), or: .invalidRoom))
  }

  mutating func resuming() throws(RequestError) -> ClientMessage {
    guard let token = next() else { throw RequestError(.invalidResume) }
    var cursors: [Cursor] = []
    while !isAtEnd { cursors.append(try cursor(in: try target(or: .invalidResume), or: .invalidResume)) }
    return .resume(token: String(token), cursors)
  }

  mutating func history() throws(RequestError) -> ClientMessage {
    let target = try target(or: .invalidHistory)
    guard let direction = next()?.asciiUppercased(), let bound = next() else { throw RequestError(.invalidHistory) }
    let range: HistoryRange? =
      switch direction {
      case "BEFORE": bound.asCount.map { .before($0) }
      case "AFTER": bound.asCount.map { .after($0) }
      case "LATEST": bound == "*" ? .latest : nil
      default: nil
      }
    guard let range else { throw RequestError(.invalidHistory) }
    return .history(target, range, limit: try positive(or: .invalidHistory))
  }

  mutating func search() throws(RequestError) -> ClientMessage {
    guard let word = next() else { throw RequestError(.invalidSearch) }
    let limit = try positive(or: .invalidSearch)
    let text = try text(.verbatim, or: .invalidSearch)
    if word == ClientMessage.everywhere { return .search(nil, limit: limit, text: text) }
    guard let target = Target(word) else { throw RequestError(.invalidSearch) }
    return .search(target, limit: limit, text: text)
  }

  mutating func slowing() throws(RequestError) -> AdminRequest {
    let room = try room()
    let seconds = try number(or: .invalidRequest)
    guard seconds <= AdminRequest.longestSlowness else { throw RequestError(.invalidRequest) }
    return .slow(room, seconds: seconds)
  }

  mutating func key() throws(RequestError) -> AdminRequest {
    let action = next()?.asciiUppercased()
    if action == "LIST" { return .listKeys }
    guard let word = next() else { throw RequestError(.invalidRequest) }
    switch action {
    case "ADD":
      if let request = KeyRequest(word) { return .addKey(request, label: reason()) }
      // A bare public key does not prove possession of the private key.
      throw RequestError(PublicKey(word) == nil ? .invalidRequest : .invalidProof, text: Self.keyAdvice)
    case "REMOVE":
      guard let key = PublicKey(word) else { throw RequestError(.invalidRequest) }
      return .removeKey(key)
    default: throw RequestError(.invalidRequest)
    }
  }

  private static let keyAdvice =
    "A key is added by a request that it signed: swiftchat identity request NAME SERVER prints one where the key is."
}
