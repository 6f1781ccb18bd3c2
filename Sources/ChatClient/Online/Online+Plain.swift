import ChatModel
import ChatProtocol

// Lines of a server without tags, which may be any server and may use its own words.

extension Online {
  /// - Returns: the reason if the server announces that it will disconnect.
  mutating func receivePlain(
    _ line: Line, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> DisconnectReason? {
    if isMute(at: moment.now) {
      for event in sends.confirm(probedBefore: moment.now) { actions.append(.tell(event)) }
    }
    let message = ServerMessage(reading: line, in: link.capabilities)
    switch message {
    case .ok: accept(line.tags, &serverState, at: moment, into: &actions)
    case .error(let reply): refuse(reply, label: nil, &serverState, at: moment, into: &actions)
    case .pong: pong(label: nil, &serverState, at: moment, into: &actions)
    case .user(let name): listed([name], at: moment, into: &actions)
    case .users(let names): listed(names, at: moment, into: &actions)
    case .info(.disconnected(let name)):
      leave(name, reason: "disconnected", into: &actions)
      settleHeld(&serverState, at: moment, into: &actions)
    case .info(.other(let text)):
      if let reason = ByeReason(rawValue: text) { return DisconnectReason(reason) }
      if let name = departed(in: text) {
        leave(name, reason: "disconnected", into: &actions)
      } else {
        hear(text, &serverState, at: moment, into: &actions)
      }
    case .joined(let name) where link.hasPresence: come(name, line.tags, serverState, into: &actions)
    case .left(let name, let reason) where link.hasPresence:
      go(name, reason, line.tags, &serverState, into: &actions)
    case .away(let name, let text) where link.hasPresence:
      setAway(Self.shownAway(text), name, &serverState, into: &actions)
    case .back(let name) where link.hasPresence: setAway(nil, name, &serverState, into: &actions)
    case .messageOfTheDay(let text):
      link.tell(line: .messageOfTheDay(DisplayText.sanitize(text)), at: moment.now, into: &actions)
    case .bye(let reason, let text): return DisconnectReason(reason, text: text)
    case .capabilities: break
    default: hear(line.text, &serverState, at: moment, into: &actions)
    }
    return nil
  }

  /// Whether the server has answered no request so far, although it had time to.
  func isMute(at now: MonotonicTime) -> Bool {
    guard !link.isTagged, !hasAnswered, pings.count > 1, let first = pings.first else { return false }
    return first.sentAt + .seconds(5) <= now
  }

  /// The name in `Harshit Kumar disconnected`.
  private func departed(in text: String) -> Nickname? {
    guard text.hasSuffix(" disconnected"), let name = Nickname(spaced: text.dropLast(" disconnected".count)) else {
      return nil
    }
    return isKnown(name) ? name : nil
  }

  // MARK: Roster

  func isKnown(_ name: Nickname) -> Bool { name == self.name || roster.contains(name) || habits.isFormer(name) }

  private mutating func listed(
    _ names: [Nickname], at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    answered()
    if !poll.hear(names, at: moment.now) {
      // A late answer is incomplete.
      poll.revive(at: moment.now)
      poll.hurry(at: moment.now)
    } else if let line = poll.barrier {
      for event in sends.confirm(before: line, at: moment.now) { actions.append(.tell(event)) }
    }
  }

  /// The answer to `WHO` is complete, or no more of it will arrive.
  mutating func finishPoll(
    _ ending: PlainRosterPoll.Ending, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    let line = poll.line
    let (reader, form) = (reader, habits.form)
    let known = Set(roster.people.map(\.name))
    let outcome = poll.finish(
      ending, own: name, known: known, isMarked: answersPings, polls: !link.hasPresence, at: moment.now
    ) { reader.author(of: $0[...], needsColon: true) != nil || form?.read($0, reader) != nil }
    guard let outcome else { return }
    if let people = outcome.people {
      let waiting = outcome.lines + poll.doubtful + held.texts
      take(people, isNews: outcome.isNews, waiting: waiting, into: &actions)
    } else if outcome.wasAskedFor {
      let reason = poll.isUsable ? "The server did not answer who is here." : Self.saysNotWho
      actions.append(.tell(.notice(reason)))
    }
    link.miss(outcome.missing)
    for text in outcome.lines { settleWords(text, &serverState, at: moment, into: &actions) }
    settleHeld(answered: line, isListed: outcome.people != nil, &serverState, at: moment, into: &actions)
  }

  private static let saysNotWho = "This server does not say who is here."

  /// - Parameter waiting: lines that are not reported yet.
  private mutating func take(
    _ people: [Nickname], isNews: Bool, waiting: [String], into actions: inout [ClientSession.Action]
  ) {
    var counted = Roster()
    for name in people { counted.insert(Person(name, away: roster[name]?.away)) }
    // Some servers do not list the asking client.
    if !counted.contains(name) { counted.insert(Person(name)) }
    let former = roster
    roster = counted
    if hasRoster {
      let came = counted.people.map(\.name).filter { !former.contains($0) }
      let went = former.people.map(\.name).filter { !counted.contains($0) }
      if !came.isEmpty || !went.isEmpty { tell(came: came, went: went, waiting: waiting, into: &actions) }
    }
    hasRoster = true
    if isNews || !counted.isSame(as: former) { actions.append(.tell(.roster(.lobby, roster.people))) }
  }

  /// Maximum number of arrivals and departures that are reported one by one.
  private static let mostNews = 32

  private mutating func tell(
    came: [Nickname], went: [Nickname], waiting: [String], into actions: inout [ClientSession.Action]
  ) {
    guard came.count + went.count <= Self.mostNews else { return }
    for name in went { habits.noteFormer(name) }
    // Messages of those who came or went announce nobody.
    let messages = habits.words.filter { !isServersOwn($0) }
    habits.forgetWords(Set(messages))
    let waiting = waiting.filter { isServersOwn($0) }
    for name in went where !habits.isAnnounced(name, waiting: waiting) {
      actions.append(.tell(.left(name, .lobby, reason: "not listed any more")))
    }
    for name in came where !habits.noteArrival(of: name, waiting: waiting) {
      actions.append(.tell(.joined(name, .lobby)))
    }
  }

  /// Whether the line is the server's own text as far as the present roster shows.
  private func isServersOwn(_ text: String) -> Bool {
    if case .words = meaning(of: PlainLine(text), isFinal: true) { true } else { false }
  }

  // MARK: Text lines

  var reader: NameReader {
    let (name, roster, habits) = (name, roster, habits)
    return NameReader { $0 == name || roster.contains($0) || habits.isFormer($0) }
  }

  /// Handles a line that is no known answer, or whose meaning depends on its words.
  private mutating func hear(
    _ text: String, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    let line = PlainLine(text)
    if confirmRepeated(line, into: &actions) { return }
    // A line of a roster answer is not held.
    if !line.isMessage, !isMessageAmongRoster(text), poll.hear(text, at: moment.now) { return busyUntil = nil }
    for earlier in poll.takeDoubtful() { settleWords(earlier, &serverState, at: moment, into: &actions) }
    if held.isEmpty, settle(text, isFinal: false, &serverState, at: moment, into: &actions) { return }
    if held.isFull { settleHeld(answered: .max, &serverState, at: moment, into: &actions) }
    held.append(HeldLines.Entry(text: text, moment: moment, after: link.lines))
    poll.hurry(at: moment.now)
  }

  /// Whether the line is a message in the server's form, although it arrives within the answer to `WHO`.
  private func isMessageAmongRoster(_ text: String) -> Bool {
    guard poll.isOpen else { return false }
    let names = reader
    let isMessage =
      names.author(of: text[...], needsColon: true) != nil || habits.form?.read(text, names) != nil
      || sends.texts(isDirect: false).contains { EchoForm(text, by: name, saying: $0.text) != nil }
    return isMessage && poll.excludes(text, names: names)
  }

  /// Reports the held lines whose meaning is now known.
  /// - Parameters:
  ///   - line: number of our line with the `WHO` that was answered; the maximum if no answer is awaited any longer.
  ///   - isListed: whether the answer was a roster.
  mutating func settleHeld(
    answered line: UInt64? = nil, isListed: Bool = false, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    while let entry = held.first {
      let isFinal = line.map { entry.after < $0 } ?? false
      guard
        settle(
          entry.text, isFinal: isFinal, isListed: isFinal && isListed, &serverState, at: entry.moment, into: &actions)
      else { break }
      held.removeFirst()
    }
    if !held.isEmpty { poll.hurry(at: moment.now) }
  }

  /// The connection ends: reports held lines as they are.
  mutating func tellAllHeld(
    _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    guard !link.isTagged else { return }
    for text in poll.takeLines(known: Set(roster.people.map(\.name))) {
      _ = settle(text, isFinal: true, &serverState, at: moment, into: &actions)
    }
    settleHeld(answered: .max, &serverState, at: moment, into: &actions)
    link.tellMissing(into: &actions)
  }

  /// Reports a line that was received within an answer but does not belong to it.
  mutating func settleWords(
    _ text: String, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    _ = settle(text, isFinal: true, &serverState, at: moment, into: &actions)
  }

  /// - Parameters:
  ///   - isFinal: whether no further answer is awaited.
  ///   - isListed: whether a roster from after the line is known.
  /// - Returns: false if the roster must be known first.
  private mutating func settle(
    _ text: String, isFinal: Bool, isListed: Bool = false, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) -> Bool {
    let line = PlainLine(text)
    switch meaning(of: line, isFinal: isFinal) {
    case .message(let author, let words):
      said(.message(from: author, text: words), Tags(), &serverState, at: moment, into: &actions)
    case .direct(let author, let words):
      said(.direct(from: author, text: words), Tags(), &serverState, at: moment, into: &actions)
    case .uncertain: return false
    case .words:
      if let own = ownMessage(in: text) {
        said(.message(from: name, text: own), Tags(), &serverState, at: moment, into: &actions)
        break
      }
      confirmDirect(in: text, into: &actions)
      if isListed, line.isMessage { habits.noteImpossible(NameReader.firstWord(of: line.body).word) }
      habits.noteWords(text)
      link.tell(words: text, at: moment.now, into: &actions)
    }
    return true
  }

  private enum PlainMeaning {
    case message(Nickname, String)
    case direct(Nickname, String)
    /// The server's own text.
    case words
    /// A user's message if a user of that name exists.
    case uncertain
  }

  private func meaning(of line: PlainLine, isFinal: Bool) -> PlainMeaning {
    let names = reader
    if let (author, words) = names.author(of: line.body, needsColon: !line.isMessage) {
      guard line.verb == .direct else { return .message(author, words) }
      // A direct message from ourselves is a receipt, unless we wrote to ourselves.
      let isOurs = author == name && !sends.isPending(words, to: .person(name))
      return isOurs ? .words : .direct(author, words)
    }
    if line.verb != .direct, let (author, words) = habits.form?.read(line.text, names) {
      return .message(author, words)
    }
    guard line.isMessage else { return .words }
    let (first, rest) = NameReader.firstWord(of: line.body)
    let bare = first.utf8.count > 1 && first.utf8.last == UInt8(ascii: ":") ? first.dropLast() : first
    guard let stranger = Nickname(bare), !habits.isImpossible(first) else { return .words }
    guard poll.isGivenUp || (isFinal && !poll.isUsable) else { return isFinal ? .words : .uncertain }
    // The server provides no roster.
    guard bare.contains(where: \.isLetter), !isReceipt(first: bare, rest, line.verb) else { return .words }
    return line.verb == .direct ? .direct(stranger, String(rest)) : .message(stranger, String(rest))
  }

  /// Whether the first word is not an author, because the line is a receipt: the word contains our own name, a known
  /// name stands before a later colon, or the line names a recipient of a pending direct message.
  private func isReceipt(first: Substring, _ rest: Substring, _ verb: PlainLine.PlainVerb) -> Bool {
    if first.mentions(name) { return true }
    let words = rest.split(separator: " ", maxSplits: 3).prefix(3)
    let names = words.compactMap { word in
      Nickname(word.filter { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }).map { (word, $0) }
    }
    return names.contains { word, name in
      (word.last == ":" && isKnown(name)) || (verb == .direct && sends.isPending(to: .person(name)))
    }
  }

  /// Handles our own direct message that the server repeats with the name of its recipient in the author's place.
  private mutating func confirmRepeated(_ line: PlainLine, into actions: inout [ClientSession.Action]) -> Bool {
    guard line.verb == .direct else { return false }
    let (name, recipients) = (name, Set(sends.texts(isDirect: true).map { $0.recipient }))
    let names = NameReader { $0 != name && recipients.contains(.person($0)) }
    guard let (recipient, text) = names.author(of: line.body, needsColon: false),
      let event = sends.confirm(repeated: text, to: .person(recipient))
    else { return false }
    busyUntil = nil
    actions.append(.tell(event))
    return true
  }

  /// Finds our own message to the lobby in the server's form, and learns that form.
  private mutating func ownMessage(in text: String) -> String? {
    for sent in sends.texts(isDirect: false) {
      for form in [sent.text, sent.text.split { $0 == " " || $0 == "\t" }.joined(separator: " ")] {
        guard let form = EchoForm(text, by: name, saying: form) else { continue }
        habits.form = form
        return sent.text
      }
    }
    return nil
  }

  /// Handles a receipt for a direct message: the line ends with the text and names the recipient.
  private mutating func confirmDirect(
    in text: String, into actions: inout [ClientSession.Action]
  ) {
    let receipt = sends.texts(isDirect: true).first { sent in
      guard case .person(let reader) = sent.recipient, text.hasSuffix(sent.text) else { return false }
      return text.dropLast(sent.text.count).mentions(reader)
    }
    guard let receipt, let event = sends.confirm(receipt.text, to: receipt.recipient) else { return }
    busyUntil = nil
    actions.append(.tell(event))
  }
}
