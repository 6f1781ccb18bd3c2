import ChatProtocol
import ChatRecords

// Logins and members of rooms, on this hub and others, as the feed brings them.

extension Hub {
  mutating func apply(_ arrival: SharedChange.Arrival, _ turn: inout Turn) {
    switch arrival {
    case .login(let login, _): enter(login, &turn)
    case .room(let room, let login, let member):
      guard let name = people.join(room, login, of: member) else { return }
      rooms.join(room, member, named: name, &turn)
    }
  }

  private mutating func enter(_ login: Login, _ turn: inout Turn) {
    if people.enter(login) {
      var tags = Tags()
      identify(login.member, named: login.name, in: &tags)
      turn.publish(.joined(login.name), tags, in: .lobby)
      if let away = people[login.member]?.away { turn.publish(.away(login.name, text: away), in: .lobby) }
    }
    for room in login.rooms { rooms.join(room, login.member, named: login.name, &turn) }
  }

  /// Withdraws an arrival from the other hubs: its request was answered before the feed brought it, or its session has
  /// ended. It is not announced here.
  mutating func withdraw(_ arrival: SharedChange.Arrival, _ turn: inout Turn) {
    switch arrival {
    case .login(let login, _):
      people.withdraw(login.id, of: login.member)
      turn.emit(.depart(Departure(login.id, of: login.member, .lost)))
    case .room(let room, let login, let member):
      // The departure of a session that has ended is under way.
      guard people.session(of: login, of: member) != nil else { return }
      proposals.begin(Proposal(effects: [.part(room, login, of: member)], stake: .nothing), &turn)
    }
  }

  /// After the answer to a login: ends the session that it replaces, and the login itself if it was refused.
  mutating func finish(_ login: Login, replacing previous: LoginID?, _ turn: inout Turn) {
    if login.hub == id, people.session(of: login.id, of: login.member) == nil {
      turn.emit(.depart(Departure(login.id, of: login.member, .lost)))
    }
    guard let previous, let session = people.session(of: previous, of: login.member) else { return }
    let bye = ServerMessage.bye(.takenOver, text: ByeReason.takenOver.explanation)
    end(session, leaving: .lost, closing: .takenOver, farewell: bye, &turn)
  }

  /// Removes a login from a room.
  mutating func part(_ room: RoomName, _ login: LoginID, of member: MemberID, _ turn: inout Turn) {
    guard let name = people.part(room, login, of: member) else { return }
    if let session = people.session(of: login, of: member) {
      let wasIn = sessions.update(session) { $0.leave(room) } ?? false
      if wasIn { turn.emit(.leave(session, room)) }
    }
    leave(room, member, named: name, &turn)
  }

  /// Removes all of a member's logins from the room, and sends their sessions a notice of the reason.
  mutating func takeOut(_ member: MemberID, of room: RoomName, _ reason: String, _ turn: inout Turn) {
    for (login, session) in people.logins(of: member, in: room) {
      guard let name = people.part(room, login, of: member) else { continue }
      if let session { sessions.takeOut(session, of: room, reason, &turn) }
      leave(room, member, named: name, &turn)
    }
  }

  mutating func apply(_ departure: Departure, _ turn: inout Turn) {
    people.forgetWithdrawn(departure.login, of: departure.member)
    guard let login = people.leave(departure.login, of: departure.member) else { return }
    if let network = login.network { people.recent.note(login.name, at: network, turn.now) }
    if people[departure.member] == nil { turn.publish(.left(login.name, departure.reason), in: .lobby) }
    for room in login.rooms { leave(room, departure.member, named: login.name, &turn) }
  }

  /// Removes the logins of a dead hub.
  mutating func endLogins(on hub: HubID, _ turn: inout Turn) {
    for login in people.logins(where: { $0.hub == hub }) { apply(Departure(login.id, of: login.member, .lost), &turn) }
  }

  private mutating func leave(_ room: RoomName, _ member: MemberID, named name: Nickname, _ turn: inout Turn) {
    rooms.leave(
      room, member, named: name, isPresent: people[member] != nil, isKept: registry.rules(of: room) != nil, &turn)
  }

  /// Takes over the members who are logged in on other hubs.
  mutating func restore(_ presence: PresenceState) {
    for login in presence.logins {
      people.enter(login)
      for room in login.rooms { rooms.restore(room, login.member) }
    }
    for (member, text) in presence.away { people.update(member) { $0.away = text } }
  }
}

extension Login {
  /// The addresses that share sanctions with the client; nil on the host, where none apply by address.
  var network: Network? { address?.addressBlock }
}
