import ChatProtocol

// Joins, leaves and away messages.

extension Interface {
  mutating func come(_ name: Nickname, to room: RoomName) {
    rosters.insert(name, in: room)
    // The new tab of the room already shows that the user joined.
    if room != .lobby, name == self.name { return }
    append(.joined(name), of: name, to: [room])
  }

  mutating func go(_ name: Nickname, from room: RoomName, reason: String) {
    let reason = reason.shortened(toBytes: Self.maximumWordBytes)
    let rooms = rosters.remove(name, from: room)
    append(.left(name, reason: reason), of: name, to: room == .lobby ? [.lobby] + rooms : [room])
  }

  /// Appends a join or leave to the tabs it concerns. In the lobby it means the whole server, so the conversation with
  /// the user shows it too.
  private mutating func append(_ change: PresenceChange, of name: Nickname, to rooms: [RoomName]) {
    var targets = rooms.map(Target.room)
    if rooms.contains(.lobby) { targets.append(.person(name)) }
    let places = targets.compactMap(tabs.index(of:))
    let needsLine = places.contains { !tabs[$0].transcript.mergesPresence(at: now) }
    guard !needsLine || hasRoomForPresence() else { return }
    for index in places { tabs[index].transcript.append(change, at: now) }
  }

  /// Limits the presence lines that a server can cause, and counts the ones left out: see `LineBudget`.
  private mutating func hasRoomForPresence() -> Bool {
    tellMissingPresence()
    return servers.subject.presenceBudget.spend(at: now)
  }

  mutating func tellMissingPresence() {
    guard let count = servers.subject.presenceBudget.takeMissing(at: now) else { return }
    let lines = count == 1 ? "1 line" : "\(count) lines"
    tabs.lobby.transcript.append(.notice("\(lines) about who came, went or was away not shown"), at: now)
  }

  /// Reports between a leave and a join that the name changed its owner, so that it does not look like a return.
  mutating func tellOtherPerson(_ name: Nickname) {
    for index in tabs.tabs.indices {
      // The text in a running editor is not known yet, nor is a line that is being typed without a screen. Either may
      // begin with `/dm`.
      let isComposing =
        composition?.place == TabPlace(server: servers.subject.endpoint, target: tabs[index].target)
      if printsLines || isComposing
        || recipient(of: Submission(tabs[index].editor.text), in: tabs[index]) == name
      {
        tabs[index].formerRecipients.insert(name)
      }
    }
    stopIgnoringFormer(name)
    let text = "\(name) is another person now, not the \(name) from before"
    guard hasRoomForPresence() else { return }
    for index in [Target.lobby, .person(name)].compactMap(tabs.index(of:)) {
      tabs[index].transcript.append(.alert(text), at: now)
    }
  }

  /// The limit for away messages and leave reasons; the project's own server sends none that is longer.
  static let maximumWordBytes = 256

  mutating func setAway(_ name: Nickname, _ text: String?) {
    let text = text.map { $0.shortened(toBytes: Self.maximumWordBytes) }
    if name == self.name { away = text }
    rosters.setAway(name, text, at: now)
    let body = text.map { TranscriptEntry.Body.away(name, text: $0) } ?? .back(name)
    guard hasRoomForPresence() else { return }
    for index in [Target.lobby, .person(name)].compactMap(tabs.index(of:)) {
      tabs[index].transcript.append(body, at: now)
    }
  }
}
