import ChatProtocol

extension Interface {
  mutating func hear(_ event: NetworkEvent) -> [InterfaceCommand] {
    switch event {
    case .connecting(let place): connection = .connecting(place: place)
    case .online(let name, let place, let isPlain): becomeOnline(name, place, isPlain: isPlain)
    case .offline(let reason, let retryIn, let isNobodyThere):
      becomeOffline(reason, retryIn: retryIn, isNobodyThere: isNobodyThere)
    case .lag(let lag, let wasAsked):
      self.lag = lag
      if wasAsked { tell(.notice("the server answered after \(Self.describe(lag))")) }
    case .roomMessage(let author, let text, let time, let answering):
      return hearInRoom(author, text, at: time, answering: answering)
    case .directMessage(let author, let text, let time): return hearDirectly(author, text, at: time)
    case .confirmed(let id, let time): confirm(id, at: time)
    case .failed(let id, let reason): fail(id, reason: reason)
    case .notice(let text): tell(.notice(text))
    case .messageOfTheDay(let text): tabs.lobby.transcript.append(.notice(text), at: now)
    case .alert(let text): tell(.alert(text))
    case .nameRefused(let name, let reason, let suggestion):
      mode = .naming(Mode.NamePrompt(editor: LineEditor(suggestion.text), refused: name, reason: reason))
    case .roster(let people): roster = Roster(people)
    case .joined(let name): come(name)
    case .left(let name, let reason): go(name, reason: reason)
    case .away(let name, let text): setAway(name, text)
    case .back(let name): setAway(name, nil)
    }
    return []
  }

  mutating func hear(_ event: HostEvent) -> [InterfaceCommand] {
    switch event {
    case .started(let invitation):
      self.invitation = invitation
      tabs.lobby.transcript.append(.notice("hosting here; others join with: \(invitation)"), at: now)
      return [.retryNow]
    case .failed(let reason):
      tell(.alert("cannot host: \(reason)"))
      return []
    }
  }

  // MARK: The link

  private mutating func becomeOnline(_ name: Nickname, _ place: String, isPlain: Bool) {
    self.name = name
    connection = .online(place: place, isPlain: isPlain)
    switch mode {
    case .naming, .offeringHost: mode = .chatting
    default: break
    }
    let dialect = isPlain ? ", which speaks the plain protocol" : ""
    tabs.lobby.transcript.append(.notice("\(name) is connected to \(place)\(dialect)"), at: now)
  }

  private mutating func becomeOffline(_ reason: String, retryIn: Duration?, isNobodyThere: Bool) {
    let place = connection.place
    let retryAt = retryIn.map { Timestamp(milliseconds: now.milliseconds &+ $0.nanoseconds / 1_000_000) }
    // A link that stays away says so once, not at every attempt.
    if connection.isOnline || !isSameTrouble(reason) {
      tabs.lobby.transcript.append(.alert(reason), at: now)
    }
    connection = .offline(place: place, reason: reason, retryAt: retryAt)
    lastTrouble = reason
    lag = nil
    away = nil
    roster = Roster()
    if case .choosing = mode { mode = .chatting }
    if isNobodyThere, settings.offersHost, invitation == nil, mode == .chatting { mode = .offeringHost(place: place) }
  }

  private func isSameTrouble(_ reason: String) -> Bool { lastTrouble == reason }

  // MARK: What is said

  private mutating func hearInRoom(
    _ author: Nickname, _ text: String, at time: Timestamp, answering id: SendID?
  ) -> [InterfaceCommand] {
    // The server's word came before its echo: the line stands there already.
    if let id, tabs.lobby.transcript.takeUnconfirmed(id) == nil { return [] }
    return append(text, by: author, at: time, toTab: 0)
  }

  private mutating func hearDirectly(_ author: Nickname, _ text: String, at time: Timestamp) -> [InterfaceCommand] {
    guard let index = tabs.open(.person(author)) else {
      tabs.lobby.transcript.append(.alert("\(author) wrote to you, but there are too many tabs: \(text)"), at: now)
      return [.bell]
    }
    return append(text, by: author, at: time, toTab: index)
  }

  private mutating func append(
    _ text: String, by author: Nickname, at time: Timestamp, toTab index: Int
  ) -> [InterfaceCommand] {
    let isOwn = author == name
    let isMention = !isOwn && text.mentions(name)
    let message = TranscriptEntry.Message(author: author, text: text, isOwn: isOwn, isMention: isMention)
    let entry = tabs[index].transcript.append(.message(message), at: time)
    guard !isOwn, index != tabs.currentIndex || !isFocused else { return [] }
    if tabs[index].firstUnread == nil { tabs[index].firstUnread = entry }
    tabs[index].unread += 1
    if isMention { tabs[index].mentions += 1 }
    if isMention || tabs[index].target != .room(.lobby) { return [.bell] }
    return []
  }

  private mutating func confirm(_ id: SendID, at time: Timestamp) {
    for index in tabs.tabs.indices {
      guard let sent = tabs[index].transcript.takeUnconfirmed(id) else { continue }
      let message = TranscriptEntry.Message(author: name, text: sent.text, isOwn: true, isMention: false)
      tabs[index].transcript.append(.message(message), at: time)
      return
    }
  }

  private mutating func fail(_ id: SendID, reason: String) {
    for index in tabs.tabs.indices {
      guard let sent = tabs[index].transcript.takeUnconfirmed(id) else { continue }
      tabs[index].transcript.append(.alert("not sent (\(reason)): \(sent.text)"), at: now)
      // Back where it was typed, unless something else is being typed there.
      if tabs[index].editor.isEmpty { tabs[index].editor = LineEditor(sent.original) }
      return
    }
  }

  // MARK: Who is here

  private mutating func come(_ name: Nickname) {
    roster.insert(Person(name))
    appendPresence(.joined(name), of: name)
  }

  private mutating func go(_ name: Nickname, reason: String) {
    roster.remove(name)
    appendPresence(.left(name, reason: reason), of: name)
    if case .choosing(let index) = mode { mode = .choosing(index: min(index, max(roster.count - 1, 0))) }
  }

  private mutating func appendPresence(_ change: PresenceChange, of name: Nickname) {
    tabs.lobby.transcript.append(change, at: now)
    if let index = tabs.index(of: .person(name)) { tabs[index].transcript.append(change, at: now) }
  }

  private mutating func setAway(_ name: Nickname, _ text: String?) {
    if name == self.name { away = text }
    roster.insert(Person(name, away: text))
    let body = text.map { TranscriptEntry.Body.away(name, text: $0) } ?? .back(name)
    tabs.lobby.transcript.append(body, at: now)
    if let index = tabs.index(of: .person(name)) { tabs[index].transcript.append(body, at: now) }
  }
}
