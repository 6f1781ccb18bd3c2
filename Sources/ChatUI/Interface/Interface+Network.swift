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
    case .said(let said, let answering):
      switch said.target {
      case .room: return hearInRoom(said.author, said.text, at: said.time, answering: answering)
      case .person(let person):
        return hearDirectly(said.author, with: person, said.text, at: said.time, answering: answering)
      }
    case .confirmed(let id, _, let time): confirm(id, at: time)
    case .failed(let id, let reason): fail(id, reason: reason)
    case .notice(let text): tell(.notice(text))
    case .messageOfTheDay(let text): tabs.lobby.transcript.append(.notice(text), at: now)
    case .alert(let text): tell(.alert(text))
    case .nameRefused(let name, let reason, let suggestion):
      mode = .naming(Mode.NamePrompt(editor: LineEditor(suggestion.text), refused: name, reason: reason))
    case .roster(_, let people): roster = Roster(people)
    case .joined(let name, _): come(name)
    case .left(let name, _, let reason): go(name, reason: reason)
    case .sending, .synced, .reset, .older, .marked, .roomJoined, .roomLeft, .topic, .rooms, .found, .searchFailed: break
    case .away(let name, let text): setAway(name, text)
    case .back(let name): setAway(name, nil)
    }
    return []
  }

  mutating func hear(_ event: HostEvent) -> [InterfaceCommand] {
    switch event {
    case .started(let invitation):
      self.invitation = invitation
      tabs.lobby.transcript.append(.notice("hosting here; others join with\n\(invitation)"), at: now)
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
    mode = mode.whenOnline
    let dialect = isPlain ? "; this server speaks the plain protocol" : ""
    tabs.lobby.transcript.append(.notice("connected to \(place) as \(name)\(dialect)"), at: now)
  }

  private mutating func becomeOffline(_ reason: String, retryIn: Duration?, isNobodyThere: Bool) {
    let place = connection.place
    let retryAt = retryIn.map { Timestamp(milliseconds: now.milliseconds &+ $0.nanoseconds / 1_000_000) }
    let offersHost = isNobodyThere && settings.offersHost && invitation == nil && mode == .chatting
    // A link that stays away says so once, not at every attempt; the offer says it by itself.
    if !offersHost, connection.isOnline || reason != lastTrouble {
      tabs.lobby.transcript.append(.alert(reason), at: now)
    }
    connection = .offline(place: place, reason: reason, retryAt: retryAt)
    lastTrouble = reason
    lag = nil
    away = nil
    roster = Roster()
    if mode.isChoosing { mode = .chatting }
    if offersHost { mode = .offeringHost(place: place) }
  }

  // MARK: What is said

  private mutating func hearInRoom(
    _ author: Nickname, _ text: String, at time: Timestamp, answering id: SendID?
  ) -> [InterfaceCommand] {
    // The server's word came before its echo: the line stands there already.
    if let id, takeUnconfirmed(id) == nil { return [] }
    return append(text, by: author, at: time, toTab: 0)
  }

  private mutating func hearDirectly(
    _ author: Nickname, with person: Nickname, _ text: String, at time: Timestamp, answering id: SendID?
  ) -> [InterfaceCommand] {
    if let id, takeUnconfirmed(id) == nil { return [] }
    guard let index = tabs.open(.person(person)) else {
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
    tabs[index].markUnread(entry, isMention: isMention)
    if isMention || tabs[index].target != .room(.lobby) { return [.bell] }
    return []
  }

  /// - Returns: what was sent, and its tab; nil where it was answered before.
  private mutating func takeUnconfirmed(_ id: SendID) -> (tab: Int?, sent: Transcript.Unconfirmed)? {
    for index in tabs.tabs.indices {
      if let sent = tabs[index].transcript.takeUnconfirmed(id) { return (index, sent) }
    }
    return abandoned.firstIndex { $0.id == id }.map { (nil, abandoned.remove(at: $0)) }
  }

  private mutating func confirm(_ id: SendID, at time: Timestamp) {
    guard case (let index?, let sent)? = takeUnconfirmed(id) else { return }
    let message = TranscriptEntry.Message(author: name, text: sent.text, isOwn: true, isMention: false)
    tabs[index].transcript.append(.message(message), at: time)
  }

  private mutating func fail(_ id: SendID, reason: String) {
    guard let (index, sent) = takeUnconfirmed(id) else { return }
    let alert = TranscriptEntry.Body.alert("\(reason) Not sent: \(sent.text)")
    if let index {
      tabs[index].transcript.append(alert, at: now)
      giveBack(sent.original, toTab: index)
    }
    if index != tabs.currentIndex { tell(alert) }
  }

  /// Back where it was typed, unless something else is being typed there. What came back before stays in front.
  private mutating func giveBack(_ text: String, toTab index: Int) {
    // A slash that was sent was typed as two.
    let typed = text.hasPrefix("/") && !text.hasPrefix("/me ") ? "/" + text : text
    let restored: String
    if tabs[index].editor.isEmpty {
      restored = typed
    } else if let returned = tabs[index].returned, returned == tabs[index].editor.text {
      restored = returned + "\n" + text
    } else {
      return
    }
    tabs[index].editor.reset(to: restored)
    tabs[index].returned = restored
  }

  // MARK: Who is here

  private mutating func come(_ name: Nickname) {
    roster.insert(Person(name))
    appendPresence(.joined(name), of: name)
  }

  private mutating func go(_ name: Nickname, reason: String) {
    roster.remove(name)
    appendPresence(.left(name, reason: reason), of: name)
    if mode.isChoosing, roster.count == 0 { mode = .chatting }
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
