import ChatProtocol

// Keys, sanctions and operator actions: parses commands into requests, and formats the answers.

extension Interface {
  mutating func administer(_ command: SlashCommand, _ arguments: String) -> [InterfaceCommand] {
    do {
      return ask(try request(command, arguments))
    } catch {
      tell(.alert(error.description))
      return []
    }
  }

  mutating func ask(_ request: AdminRequest) -> [InterfaceCommand] {
    guard case .online(_, let isPlain) = connection else {
      tell(.alert("not connected: nothing was asked"))
      return []
    }
    guard !isPlain else {
      tell(.alert("this server speaks the plain protocol, which has no word for it"))
      return []
    }
    administration.ask(request, from: tabs.current.target)
    // The server joins the creator of a room to that room.
    if case .create(let room) = request { joining = room }
    return [.admin(request)]
  }

  /// - Throws: `UsageError` for invalid input.
  private func request(_ command: SlashCommand, _ arguments: String) throws(UsageError) -> AdminRequest {
    var words = CommandWords(arguments)
    let request: AdminRequest
    switch command {
    case .key: request = try key(command, &words)
    case .create:
      let room = try room(words.next(), for: command)
      request = .create(room)
    case .invite, .uninvite:
      let name = try person(words.next(), for: command)
      let room = try words.isAtEnd ? presentRoom() : room(words.next(), for: command)
      guard room != .lobby else { throw UsageError("everybody is in the lobby, always") }
      request = command == .invite ? .invite(room, name) : .uninvite(room, name)
    case .kick: request = .kick(try person(words.next(), for: command), reason: try words.reason())
    case .ban:
      let subject = try subject(words.next(), for: command)
      request = .ban(subject, for: try words.span(), reason: try words.reason())
    case .unban: request = .unban(try subject(words.next(), for: command))
    case .mute:
      let name = try person(words.next(), for: command)
      request = .mute(name, for: try words.span(), reason: try words.reason())
    case .unmute: request = .unmute(try person(words.next(), for: command))
    case .bans: request = .listSanctions
    case .slow: request = .slow(try presentRoom(), seconds: try seconds(words.next(), for: command))
    case .delete:
      // Deleting a room is final: the room must be named, and is never taken from the current tab.
      let room = try room(words.next(), for: command)
      request = .delete(room, reason: try words.reason())
    case .op: request = .makeOperator(try person(words.next(), for: command))
    case .deop: request = .unmakeOperator(try person(words.next(), for: command))
    case .ops: request = .listOperators
    case .audit: request = .listActs(limit: try limit(words.next()))
    default: throw usageError(of: command)
    }
    guard words.isAtEnd else { throw usageError(of: command) }
    return request
  }

  // MARK: Arguments

  private func usageError(of command: SlashCommand) -> UsageError { UsageError("write it as: \(command.usage)") }

  private func person(_ word: String?, for command: SlashCommand) throws(UsageError) -> Nickname {
    guard let word else { throw usageError(of: command) }
    guard let name = person(named: word) else { throw UsageError("\(word.sanitizedWord) cannot be anybody's name") }
    return name
  }

  private func room(_ word: String?, for command: SlashCommand) throws(UsageError) -> RoomName {
    guard let word else { throw usageError(of: command) }
    guard let room = RoomName(word.hasPrefix("#") ? word : "#\(word)") else {
      throw UsageError(ErrorCode.invalidRoom.explanation)
    }
    return room
  }

  private func presentRoom() throws(UsageError) -> RoomName {
    guard let room = tabs.current.room else { throw UsageError("this tab is no room; go to the one that is meant") }
    return room
  }

  private func subject(_ word: String?, for command: SlashCommand) throws(UsageError) -> Subject {
    guard let word else { throw usageError(of: command) }
    // An exact name of a user on the server comes first, even if it looks like something else.
    if let person = Nickname(word).flatMap({ rosters.lobby[$0] }) { return .name(person.name) }
    if word.hasPrefix("key:"), PublicKey(word.dropFirst(4)) == nil {
      let beginning = word.last == "…" ? String(word.dropLast()) : word
      let listed = administration.sanctions.map(\.subject).filter { $0.text.hasPrefix(beginning) }
      if listed.count == 1, let subject = listed.first, beginning.count > 4 { return subject }
    }
    let subject = try Subject(typed: word)
    if case .name(let name) = subject { return .name(rosters.lobby[name]?.name ?? name) }
    return subject
  }

  private func seconds(_ word: String?, for command: SlashCommand) throws(UsageError) -> Int {
    guard let word else { throw usageError(of: command) }
    let seconds = Int(word) ?? Duration(span: word.lowercased()).map { Int(clamping: $0.components.seconds) }
    guard let seconds, (0...AdminRequest.longestSlowness).contains(seconds) else {
      throw UsageError("\(word.sanitizedWord) is no number of seconds from 0 to \(AdminRequest.longestSlowness)")
    }
    return seconds
  }

  private func limit(_ word: String?) throws(UsageError) -> Int {
    guard let word else { return 20 }
    guard let limit = Int(word), (1...200).contains(limit) else {
      throw UsageError("\(word.sanitizedWord) is no number from 1 to 200")
    }
    return limit
  }

  private func key(_ command: SlashCommand, _ words: inout CommandWords) throws(UsageError) -> AdminRequest {
    switch words.next()?.lowercased() {
    case nil, "list": return .listKeys
    case "add":
      guard let word = words.next() else { throw usageError(of: command) }
      guard let request = KeyRequest(word) else {
        throw UsageError(
          "no request of a key: `swiftchat identity request \(name) SERVER` prints one on the other machine")
      }
      return .addKey(request, label: try words.reason())
    case "remove":
      guard let word = words.next() else { throw usageError(of: command) }
      if let key = PublicKey(word) { return .removeKey(key) }
      let listed = administration.keys(beginningWith: word)
      guard let key = listed.first else {
        throw UsageError("no key of yours begins with \(word.sanitizedWord); /key list shows them")
      }
      guard listed.count == 1 else { throw UsageError("several keys of yours begin with \(word.sanitizedWord)") }
      return .removeKey(key)
    default: throw usageError(of: command)
    }
  }

  // MARK: Answers

  mutating func hear(_ answer: AdminAnswer, to request: AdminRequest) {
    let origin = administration.takeOrigin(of: request)
    administration.note(answer)
    if case .done = answer { settleStanding(after: request) }
    let body: TranscriptEntry.Body
    switch answer {
    case .refused(let reason):
      if case .create(let room) = request, joining == room { joining = nil }
      body = .alert("/\(request.verb.rawValue.lowercased()): \(DisplayText.sanitize(reason))")
    case .done(let code, _, _):
      let words = code.map { "\(request.outcome), with the code \(DisplayText.sanitize($0))" } ?? outcome(of: request)
      body = .notice(words)
    case .keys, .sanctions, .operators, .acts:
      guard let listing = AdminListing(answer, isWhole: false, now: now, offset: settings.localOffset) else { return }
      body = .notice(listing.text)
    }
    guard let index = origin.flatMap(tabs.index(of:)) else { return tell(body) }
    tabs[index].transcript.append(body, at: now)
  }

  /// Updates the user's own standing. Other users learn theirs at their next login.
  private mutating func settleStanding(after request: AdminRequest) {
    switch request {
    case .makeOperator(name): standing.isOperator = true
    case .unmakeOperator(name): standing.isOperator = false
    default: break
    }
  }

  /// Describes a removed message by author and time instead of its number, if the message is loaded.
  private func outcome(of request: AdminRequest) -> String {
    guard case .remove(let target, let sequence, _) = request, let index = tabs.index(of: target),
      let entry = tabs[index].transcript.entry(withSequence: sequence), let author = entry.author
    else { return request.outcome }
    let clock = LocalTime(entry.time, offset: settings.localOffset(entry.time)).clock
    return "what \(rosters.guests.shown(author)) said at \(clock) was removed"
  }
}
