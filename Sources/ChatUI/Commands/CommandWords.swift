import ChatProtocol

/// Reads the arguments of a slash command word by word.
struct CommandWords {
  /// The command with its parameters, for errors.
  private let usage: String
  /// The arguments that are not read yet.
  private(set) var rest: Substring

  init(_ text: String, usage: String = "") {
    rest = Substring(text.trimmingSpaces)
    self.usage = usage
  }

  /// An argument is missing or wrong.
  var usageError: UsageError { UsageError("write it as: \(usage)") }

  /// There are more words than the command takes. It stays in the input, so that these words are not lost.
  var surplusError: UsageError { UsageError("write it as: \(usage)", keepsInput: true) }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next word, without consuming it.
  var first: String? { rest.isEmpty ? nil : String(rest.prefix { !$0.isWhitespace }) }

  mutating func next() -> String? {
    guard let word = first else { return nil }
    rest = rest.dropFirst(word.count).drop { $0.isWhitespace }
    return word
  }

  mutating func required() throws(UsageError) -> String {
    guard let word = next() else { throw usageError }
    return word
  }

  /// Throws if anything is left.
  func finish() throws(UsageError) {
    guard isAtEnd else { throw surplusError }
  }

  /// Reads everything that is left.
  mutating func takeRest() -> String {
    defer { rest = "" }
    return String(rest)
  }

  /// Reads everything that is left, which must not be empty.
  mutating func requiredRest() throws(UsageError) -> String {
    guard !isAtEnd else { throw usageError }
    return takeRest()
  }

  /// Reads a duration. A word that begins with a digit is a duration or an error, never a reason: a mistyped thirty
  /// minutes would otherwise become for ever.
  mutating func span() throws(UsageError) -> AdminRequest.Span {
    guard let word = first, word.first?.isNumber == true else { return .forever }
    let span: AdminRequest.Span
    do { span = try AdminRequest.Span(typed: word) } catch {
      throw UsageError("\(error); a reason begins with a letter")
    }
    _ = next()
    return span
  }

  /// Reads everything that is left as a reason or label.
  mutating func reason() throws(UsageError) -> String { try takeRest().asReason() }

  // MARK: Names

  /// Reads a name, with or without a leading `@`.
  mutating func person(in interface: Interface) throws(UsageError) -> Nickname {
    let word = try required()
    guard let name = interface.person(named: word) else {
      throw UsageError("\(word.sanitizedWord) cannot be anybody's name")
    }
    return name
  }

  /// Reads everything that is left as one name, with or without a leading `@`. On other servers, names of users may have
  /// several words.
  mutating func onlyPerson(in interface: Interface) throws(UsageError) -> Nickname {
    let text = try requiredRest()
    guard let (name, written) = interface.addressee(in: text) else {
      throw UsageError("\(text.sanitizedWord) cannot be anybody's name")
    }
    guard written == text else { throw surplusError }
    return name
  }

  /// Reads the name of a room, with or without its `#`.
  mutating func room() throws(UsageError) -> RoomName {
    let word = try required()
    guard let room = RoomName(word.hasPrefix("#") ? word : "#\(word)") else {
      throw UsageError(ErrorCode.invalidRoom.explanation)
    }
    return room
  }

  /// Reads a number of seconds, also as a span.
  mutating func seconds() throws(UsageError) -> Int {
    let word = try required()
    let seconds = Int(word) ?? Duration(span: word.lowercased()).map { Int(clamping: $0.components.seconds) }
    guard let seconds, (0...AdminRequest.longestSlowness).contains(seconds) else {
      throw UsageError("\(word.sanitizedWord) is no number of seconds from 0 to \(AdminRequest.longestSlowness)")
    }
    return seconds
  }

  /// Reads a number from 1 to 200.
  /// - Returns: 20 if nothing is left.
  mutating func limit() throws(UsageError) -> Int {
    guard let word = next() else { return 20 }
    guard let limit = Int(word), (1...200).contains(limit) else {
      throw UsageError("\(word.sanitizedWord) is no number from 1 to 200")
    }
    return limit
  }

  /// Reads a name, an address, a network or a key.
  mutating func subject(in interface: Interface) throws(UsageError) -> Subject {
    let word = try required()
    let people = interface.rosters.lobby
    // An exact name of a user on the server comes before a mistyped address, but not before an address or a key:
    // somebody's name must not keep them from being banned.
    if let name = Nickname(word), !name.needsSign, let person = people[name] { return .name(person.name) }
    if word.hasPrefix("key:"), PublicKey(word.dropFirst(4)) == nil {
      let beginning = word.last == "…" ? String(word.dropLast()) : word
      let listed = interface.administration.sanctions.map(\.subject).filter { $0.text.hasPrefix(beginning) }
      if listed.count == 1, let subject = listed.first, beginning.count > 4 { return subject }
    }
    let subject = try Subject(typed: word)
    if case .name(let name) = subject { return .name(people[name]?.name ?? name) }
    return subject
  }
}
