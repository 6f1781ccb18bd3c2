/// The syntax of a client's lines, one row per verb: the sessions that know the verb, and how its parameters are read.
///
/// In the plain dialect white space around and between words is ignored, and runs of it in a text become one space,
/// except in `DM`, which keeps the inner white space of its text. A session with tags sends its text verbatim:
/// everything after the single space behind the last word.
struct VerbSyntax {
  let availability: Availability
  /// The error for words after the last parameter; nil: they are ignored.
  let surplus: ErrorCode?
  /// An error need not name the verb.
  let read: (inout Words, Capabilities) throws(RequestError) -> ClientMessage

  /// The sessions that know a verb. For all others it is an unknown command.
  enum Availability {
    case always
    /// Sessions with any capability.
    case negotiated
    case with(Capabilities)
  }

  init(
    _ availability: Availability, surplus: ErrorCode? = nil,
    read: @escaping (inout Words, Capabilities) throws(RequestError) -> ClientMessage
  ) {
    self.availability = availability
    self.surplus = surplus
    self.read = read
  }

  /// A verb of `AdminRequest`. A second name must not be ignored silently.
  init(
    _ capability: Capabilities, admin read: @escaping (inout Words) throws(RequestError) -> AdminRequest
  ) {
    self.init(.with(capability), surplus: .invalidRequest) { words, _ throws(RequestError) in .admin(try read(&words)) }
  }
}

extension Verb {
  var syntax: VerbSyntax {
    switch self {
    // LOGIN name
    case .login:
      VerbSyntax(.always, surplus: .invalidUsername) { words, _ throws(RequestError) in
        .login(try words.name(or: .invalidUsername))
      }
    // MSG text
    case .message:
      VerbSyntax(.always) { words, capabilities throws(RequestError) in
        .message(try words.text(capabilities.spacing, or: .emptyMessage))
      }
    // DM name text
    case .direct: VerbSyntax(.always) { words, capabilities throws(RequestError) in try words.direct(in: capabilities) }
    // WHO, and with rooms WHO [ room ]
    case .who:
      VerbSyntax(.always) { words, capabilities throws(RequestError) in
        .who(capabilities.contains(.rooms) && !words.isAtEnd ? try words.room() : nil)
      }
    // PING
    case .ping: VerbSyntax(.always) { _, _ in .ping }
    // QUIT
    case .quit: VerbSyntax(.always) { _, _ in .quit }
    // AWAY [ text ]
    case .away: VerbSyntax(.negotiated) { words, capabilities in .away(words.text(capabilities.spacing)) }
    // CAP LS | CAP REQ name…
    case .capabilities: VerbSyntax(.always) { words, _ throws(RequestError) in try words.capabilities() }
    // JOIN room [ epoch sequence ]
    case .join:
      VerbSyntax(.with(.rooms), surplus: .invalidRoom) { words, _ throws(RequestError) in try words.joining() }
    // PART room
    case .part: VerbSyntax(.with(.rooms)) { words, _ throws(RequestError) in .part(try words.room()) }
    // ROOMS
    case .rooms: VerbSyntax(.with(.rooms)) { _, _ in .rooms }
    // TOPIC room [ text ]
    case .topic:
      VerbSyntax(.with(.rooms)) { words, capabilities throws(RequestError) in
        .topic(try words.room(), words.text(capabilities.spacing))
      }
    // SAY target text
    case .say:
      VerbSyntax(.with(.rooms)) { words, capabilities throws(RequestError) in
        .say(try words.target(or: .invalidSay), text: try words.text(capabilities.spacing, or: .emptyMessage))
      }
    // HISTORY target BEFORE|AFTER sequence limit | HISTORY target LATEST * limit
    case .history:
      VerbSyntax(.with(.history), surplus: .invalidHistory) { words, _ throws(RequestError) in try words.history() }
    // SEARCH target|* limit text
    case .search: VerbSyntax(.with(.history)) { words, _ throws(RequestError) in try words.search() }
    // RESUME token { target epoch sequence }
    case .resume: VerbSyntax(.with(.resume)) { words, _ throws(RequestError) in try words.resuming() }
    // MARK target sequence
    case .mark:
      VerbSyntax(.with(.marks), surplus: .invalidMark) { words, _ throws(RequestError) in
        .mark(try words.target(or: .invalidMark), try words.number(or: .invalidMark))
      }
    // KEY LIST | KEY ADD request [ label ] | KEY REMOVE key
    case .key: VerbSyntax(.keys) { words throws(RequestError) in try words.key() }
    // CREATE room
    case .create: VerbSyntax(.rooms) { words throws(RequestError) in .create(try words.room()) }
    // INVITE room name
    case .invite: VerbSyntax(.rooms) { words throws(RequestError) in .invite(try words.room(), try words.name()) }
    // UNINVITE room name
    case .uninvite: VerbSyntax(.rooms) { words throws(RequestError) in .uninvite(try words.room(), try words.name()) }
    // ADMIT uses seconds|*
    case .admit:
      VerbSyntax(.moderation) { words throws(RequestError) in
        .admit(uses: try words.positive(), for: try words.span())
      }
    // KICK name [ reason ]
    case .kick:
      VerbSyntax(.moderation) { words throws(RequestError) in .kick(try words.name(), reason: words.reason()) }
    // BAN subject seconds|* [ reason ]
    case .ban:
      VerbSyntax(.moderation) { words throws(RequestError) in
        .ban(try words.subject(for: .ban), for: try words.span(), reason: words.reason())
      }
    // UNBAN subject
    case .unban: VerbSyntax(.moderation) { words throws(RequestError) in .unban(try words.subject(for: .unban)) }
    // BANS
    case .bans: VerbSyntax(.moderation) { _ in .listSanctions }
    // MUTE name seconds|* [ reason ]
    case .mute:
      VerbSyntax(.moderation) { words throws(RequestError) in
        .mute(try words.name(), for: try words.span(), reason: words.reason())
      }
    // UNMUTE name
    case .unmute: VerbSyntax(.moderation) { words throws(RequestError) in .unmute(try words.name()) }
    // SLOW room seconds
    case .slow: VerbSyntax(.moderation) { words throws(RequestError) in try words.slowing() }
    // REMOVE target sequence [ reason ]
    case .redact:
      VerbSyntax(.moderation) { words throws(RequestError) in
        .redact(
          try words.target(or: .invalidRequest), sequence: try words.number(or: .invalidRequest), reason: words.reason()
        )
      }
    // DELETE room [ reason ]
    case .delete:
      VerbSyntax(.moderation) { words throws(RequestError) in .delete(try words.room(), reason: words.reason()) }
    // OP name
    case .makeOperator: VerbSyntax(.moderation) { words throws(RequestError) in .makeOperator(try words.name()) }
    // DEOP name
    case .unmakeOperator: VerbSyntax(.moderation) { words throws(RequestError) in .unmakeOperator(try words.name()) }
    // OPS
    case .operators: VerbSyntax(.moderation) { _ in .listOperators }
    // AUDIT limit
    case .audit: VerbSyntax(.moderation) { words throws(RequestError) in .listActs(limit: try words.positive()) }
    }
  }

  /// Whether the verb exists for a session with these capabilities.
  public func isKnown(in capabilities: Capabilities) -> Bool {
    switch syntax.availability {
    case .always: true
    case .negotiated: !capabilities.isEmpty
    case .with(let capability): capabilities.contains(capability)
    }
  }
}

extension Capabilities {
  /// The treatment of white space in the texts of a session.
  fileprivate var spacing: Spacing { contains(.tags) ? .verbatim : .collapsed }
}

extension Words {
  fileprivate mutating func direct(in capabilities: Capabilities) throws(RequestError) -> ClientMessage {
    guard let name = next() else { throw RequestError(.invalidDirectFormat) }
    let text = try text(capabilities.contains(.tags) ? .verbatim : .trimmed, or: .invalidDirectFormat)
    // An invalid name is reported like an unknown one.
    guard let nickname = Nickname(name) else { throw RequestError(.userNotFound) }
    return .direct(to: nickname, text: text)
  }

  fileprivate mutating func capabilities() throws(RequestError) -> ClientMessage {
    switch next()?.asciiUppercased() {
    case "LS": return .listCapabilities
    case "REQ":
      let names = all().map(String.init)
      guard !names.isEmpty else { throw RequestError(.invalidCapabilityRequest) }
      return .requestCapabilities(names)
    default: throw RequestError(.invalidCapabilityRequest)
    }
  }
}
