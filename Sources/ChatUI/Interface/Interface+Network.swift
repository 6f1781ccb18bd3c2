import ChatModel
import ChatProtocol

extension Interface {
  mutating func hear(_ event: ClientEvent) -> [InterfaceCommand] {
    let commands = apply(event) + tellResults(event)
    closeObsoleteOverlays()
    return commands
  }

  private mutating func apply(_ event: ClientEvent) -> [InterfaceCommand] {
    switch event {
    case .connecting(let endpoint, _): connection.connect(to: endpoint, at: now)
    case .reached(let host): connection.reach(host)
    case .online(let name, let capabilities, let standing):
      return becomeOnline(name, capabilities, standing)
    case .offline(let outage):
      becomeOffline(
        outage.reason, retryIn: outage.retryIn, mayReturn: outage.mayReturn == true,
        isNobodyThere: outage.isRefused && outage.isFirst)
    case .lag(let lag, let wasAsked):
      connection.lag = lag
      if wasAsked { tell(.notice("the server answered after \(ServerConnection.describe(lag))")) }
    case .message(let message): return hear(message)
    case .sending(let id): tabs.changeUnconfirmed(id) { $0.wasTransmitted = true }
    case .addressed(let id, let epoch): tabs.changeUnconfirmed(id) { $0.epoch = epoch }
    case .sendConfirmed(let id, let sequence, let time): confirm(id, sequence: sequence, at: time)
    case .sendFailed(let id, let reason, let failure): fail(id, failure, reason: reason)
    case .distrusted(let endpoint, let known, let seen, let wasMet):
      warn(PinMismatch(endpoint: endpoint, known: known, seen: seen, wasMet: wasMet))
    case .administered(let request, let answer): hear(answer, to: request)
    case .redacted(let target, let sequence, let name): redact(sequence, from: target, by: name)
    case .notice(let text): tell(.notice(text))
    case .messageOfTheDay(let text): tabs.lobby.transcript.append(.notice(text), at: now)
    case .operatorChanged(let isOperator): connection.standing.isOperator = isOperator
    case .serverError(let text): tell(.alert(text))
    case .roomsFailed(let reason), .roomsUnanswered(let reason, _): failListingRooms(reason)
    case .nameRefused(let name, let refusal, let suggestion):
      // The user may have left under a former name without an outage.
      rosters.disconnect()
      overlays.ask(NamePrompt(suggestion: suggestion ?? name, reason: refusal.sentence(about: name)))
    case .nameKept(let name, let refused, let reason):
      tell(.alert("you stay \(name): the server refused the name \(refused). \(reason)"))
    case .synced(let target, let epoch, let head, let mark):
      tabs.synchronize(target, epoch, head: head, mark: mark, isIgnored: ignored.contains(target))
    case .continued(let target, let epoch): tabs.proceed(target, in: epoch)
    case .reset(let target): reset(target)
    case .older(let target, let page, let hasMore): return prepend(page, hasMore: hasMore, to: target)
    case .marked(let target, let sequence): tabs.mark(target, sequence)
    case .roomJoined(let room): enter(room)
    case .roomLeft(let room, let reason): leave(room, reason: reason)
    case .joinFailed(let room, let reason):
      rooms.endJoining(room)
      tell(.alert("\(room): \(reason)"))
    case .topic(let room, let text): rooms.setTopic(of: room, text)
    case .rooms(let rooms):
      show(rooms)
    // The results of the search and programs without a screen handle these.
    case .found, .searchFailed, .history, .historyFailed: break
    case .roster(let room, let people):
      rosters.set(room, people)
    case .joined(let name, let room): come(name, to: room)
    case .guest(let name): rosters.setGuest(name)
    case .otherPerson(let name): tellOtherPerson(name)
    case .noticed(let name): rosters.insert(name, in: .lobby)
    case .left(let name, let room, let reason): go(name, from: room, reason: reason)
    case .away(let name, let text): setAway(name, text)
    case .back(let name): setAway(name, nil)
    // The program stores these.
    case .pinned, .token: break
    }
    return []
  }

  mutating func hear(_ event: HostEvent) -> [InterfaceCommand] {
    switch event {
    case .started(let invitation):
      self.invitation = invitation
      tabs.lobby.transcript.append(.notice("hosting here; others join with\n\(invitation)"), at: now)
      return [.client(.retryNow)]
    case .failed(let reason):
      tell(.alert("cannot host: \(reason)"))
      return []
    }
  }

  /// The limit for the reason of a lost connection, which is one part of the status line.
  private static let maximumReasonBytes = 512

  // MARK: Connection

  private mutating func becomeOnline(
    _ name: Nickname, _ capabilities: Capabilities, _ standing: Standing
  ) -> [InterfaceCommand] {
    self.name = name
    servers.subject.wasOnline = true
    let isPlain = capabilities.isEmpty
    connection.succeed(capabilities, standing)
    overlays.settle(at: now)
    let protocolNote = isPlain ? "; this server speaks the plain protocol" : ""
    let secrecy = standing.isEncrypted ? "" : "; not encrypted"
    tabs.lobby.transcript.append(
      .notice("connected to \(connection.place) as \(name)\(protocolNote)\(secrecy)"), at: now)
    // Rooms with a cursor are resumed by the session.
    let open = tabs.tabs.filter { $0.epoch == nil && $0.isJoined }.compactMap(\.room)
    let joins = (open + (isPlain ? [] : takeAutojoin())).filter { $0 != .lobby }
    return rememberChosenName() + joins.map { .client(.join($0)) }
  }

  /// - Parameters:
  ///   - mayReturn: whether the server ended the connection, and takes the user back.
  ///   - isTold: whether the caller reports the reason in the lobby.
  mutating func becomeOffline(
    _ reason: String, retryIn: Duration?, mayReturn: Bool = false, isNobodyThere: Bool, isTold: Bool = false
  ) {
    let endpoint = connection.endpoint
    let reason = reason.shortened(toBytes: Self.maximumReasonBytes)
    let retryAt = retryIn.map { Timestamp(milliseconds: now.milliseconds &+ $0.nanoseconds / 1_000_000) }
    let offersHost =
      isNobodyThere && servers.subject.offersHost && invitation == nil && overlays.isEmpty && overlays.waiting == nil
    // One line per outage, not one per attempt. The hosting offer and the pin warning report the outage themselves.
    if connection.fail(reason, retryAt: retryAt, mayReturn: mayReturn), !offersHost, !isTold {
      tabs.lobby.transcript.append(.alert(reason), at: now)
    }
    away = nil
    rosters.disconnect()
    // The hint announces an answer that will not come.
    if rooms.isListing || search.jump != nil { hint = nil }
    rooms.disconnect()
    forgetRequests()
    if offersHost { overlays.ask(HostOffer(endpoint: endpoint)) }
  }

  // MARK: Messages

  private mutating func hear(_ message: ChatMessage) -> [InterfaceCommand] {
    let sequence = message.sequence.flatMap(\.asSequence)
    // The server's `OK` came before the echo: the message is in the transcript already.
    if let id = message.answersSend, tabs.takeUnconfirmed(id) == nil, sequence == nil { return [] }
    let isIgnored = !message.isOwn && ignored.contains(message.author)
    if isIgnored, case .person = message.target, tabs.index(of: message.target) == nil {
      if let sequence { tabs.note(head: sequence, of: message.target) }
      return []
    }
    let body = body(of: message)
    guard let index = tab(for: message) else { return report(body, of: message) }
    let isNew = tabs[index].hear(
      body, at: message.time, sequence: sequence, isMissed: message.isBacklog, isLive: !message.isBacklog,
      isOwn: message.isOwn,
      // A hidden message does not make a tab unread.
      isRead: isRead(index) || isIgnored && tabs[index].unread == 0)
    guard isNew, !message.isOwn, !isIgnored, !message.isBacklog, case .message(let shown) = body else { return [] }
    return notify(shown, in: message.target, shownIn: index)
  }

  /// Shows a direct message in the lobby, because there is no room for another tab.
  private mutating func report(_ body: TranscriptEntry.Body, of message: ChatMessage) -> [InterfaceCommand] {
    // The user's own messages come from another terminal, which shows them.
    guard case .person = message.target, !message.isOwn, case .message(let shown) = body else { return [] }
    let author = rosters.guests.shown(message.author)
    let words = MessageLines.onOneLine(shown.action.map { "\(author) \($0)" } ?? shown.text)
    tabs.lobby.transcript.append(.alert("\(author) wrote to you, but there are too many tabs: \(words)"), at: now)
    return message.isBacklog ? [] : notify(shown, in: message.target, shownIn: 0)
  }

  /// The tab of a message. A direct message opens one; a room has a tab as long as the user is a member.
  private mutating func tab(for message: ChatMessage) -> Int? {
    if case .room = message.target { return tabs.index(of: message.target) }
    return tabs.open(message.target)
  }

  private mutating func confirm(_ id: SendID, sequence: Int?, at time: Timestamp) {
    guard case (let index?, let sent)? = tabs.takeUnconfirmed(id) else { return }
    let message = TranscriptEntry.Message(author: name, text: sent.shownText, isOwn: true, isMention: false)
    _ = tabs[index].hear(
      .message(message), at: time, sequence: sequence.flatMap(\.asSequence), isMissed: false, isLive: false,
      isOwn: true, isRead: isRead(index))
  }

  private mutating func fail(_ id: SendID, _ failure: SendFailure, reason: String) {
    guard let (known, sent) = tabs.takeUnconfirmed(id) else { return }
    let reason = "\(reason.shortened(toBytes: Self.maximumReasonBytes)) \(failure.heading)"
    guard !printsLines else { return print(.alert("\(reason): \(sent.text)"), in: sent.target, at: now) }
    // Reopens a closed tab, to return the message there.
    let index = known ?? reopen(sent.target)
    let isInInput = giveBack(sent.text, toTab: index ?? tabs.currentIndex)
    let hint = isInInput ? "" : SendFailureLine.recallHint
    let text = sent.shownText
    if let index { tabs[index].tellFailure(of: text, reason: reason, isInInput: isInInput, hint: hint, at: now) }
    guard index != tabs.currentIndex else { return }
    tabs.current.tellFailure(of: text, reason: reason, isInInput: index == nil && isInInput, hint: "", at: now)
  }

  private mutating func reopen(_ target: Target) -> Int? {
    if let index = tabs.index(of: target) { return index }
    guard let index = tabs.open(target) else { return nil }
    if tabs[index].room != nil { tabs[index].isJoined = false }
    return index
  }

  private mutating func giveBack(_ text: String, toTab index: Int) -> Bool {
    let before = tabs[index].editor.text
    let isInInput = tabs[index].giveBack(text)
    // The completion refers to the previous text of the input.
    if tabs[index].editor.text != before { completion = nil }
    return isInInput
  }
}
