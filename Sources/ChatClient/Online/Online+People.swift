import ChatModel
import ChatProtocol

// Rosters and presence.

extension Online {
  mutating func meet(_ name: Nickname, isGuest: Bool = false, into actions: inout [ClientSession.Action]) {
    guard !roster.contains(name), roster.insert(Person(name, isGuest: isGuest)) else { return }
    actions.append(.tell(.joined(name, .lobby)))
    if isGuest { actions.append(.tell(.guest(name))) }
  }

  /// The server reports which person has the name.
  func identify(
    _ name: Nickname, _ tags: Tags, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    guard let epoch = tags.epoch, name != self.name, serverState.people.note(name, epoch) else { return }
    actions.append(.tell(.otherPerson(name)))
  }

  /// A user speaks on a server that sends no roster.
  mutating func noticed(_ name: Nickname, into actions: inout [ClientSession.Action]) {
    if roster.insert(unlessKnown: name) { actions.append(.tell(.noticed(name))) }
  }

  mutating func count(
    _ name: Nickname, _ tags: Tags, at now: MonotonicTime, into actions: inout [ClientSession.Action]
  ) {
    answered()
    let person = Person(name, away: tags.away.map(Self.shownAway), isGuest: tags.isGuest)
    if let batch = tags.batch, batches.append(person, to: batch) { return }
    if !rosterPoll.count(person, batch: tags.batch, at: now), tags.batch == nil {
      meet(name, isGuest: tags.isGuest, into: &actions)
    }
  }

  mutating func come(
    _ name: Nickname, _ tags: Tags, _ serverState: ServerState, into actions: inout [ClientSession.Action]
  ) {
    guard let room = tags.room, room != .lobby else { return meet(name, isGuest: tags.isGuest, into: &actions) }
    guard serverState.rooms.isJoined(room), rosters.insert(name, in: room), name != self.name else { return }
    actions.append(.tell(.joined(name, room)))
  }

  mutating func go(
    _ name: Nickname, _ reason: LeaveReason, _ tags: Tags, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    guard let room = tags.room, room != .lobby else { return leave(name, reason: reason.words, into: &actions) }
    guard name != self.name else { return takenOut(of: room, reason, &serverState, into: &actions) }
    guard serverState.rooms.isJoined(room) else { return }
    batches.forget(name, in: room)
    guard rosters.remove(name, from: room) else { return }
    actions.append(.tell(.left(name, room, reason: reason.words)))
  }

  /// The invitation to the room was withdrawn.
  private mutating func takenOut(
    of room: RoomName, _ reason: LeaveReason, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    guard reason == .kicked, serverState.rooms.isJoined(room), forget(room, &serverState, into: &actions) else {
      return
    }
    actions.append(.tell(.roomLeft(room, reason: "You were removed from it.")))
  }

  /// A member has left the server. Reports nothing for a member who was never reported.
  mutating func leave(_ name: Nickname, reason: String, into actions: inout [ClientSession.Action]) {
    guard name != self.name else { return }
    let wasHere = roster.remove(name)
    rosters.removeFromAll(name)
    rosterPoll.forget(name)
    batches.forget(name, in: nil)
    if !link.isTagged {
      poll.forget(name)
      habits.noteFormer(name)
    }
    guard wasHere else { return }
    actions.append(.tell(.left(name, .lobby, reason: reason)))
  }

  /// The away text to keep, limited because the roster may be long; this project's server sends at most 256 bytes.
  static func shownAway(_ text: String) -> String { String(DisplayText.sanitize(text).prefix(256)) }

  /// - Parameter text: nil for a user who is back.
  mutating func setAway(
    _ text: String?, _ name: Nickname, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    if name == self.name { serverState.away.heard(text) }
    rosters.set(away: text, of: name)
    guard roster.set(away: text, of: name) else { return }
    actions.append(.tell(text.map { .away(name, text: $0) } ?? .back(name)))
  }
}

extension LeaveReason {
  /// Words for display after "has left: ".
  fileprivate var words: String {
    switch self {
    case .quit: "said goodbye"
    case .closed: "closed the connection"
    case .lost: "the connection broke"
    case .idle: "was idle for too long"
    case .slow: "read too slowly"
    case .parted: "left the room"
    case .kicked: "thrown out by an operator"
    }
  }
}
