import ChatProtocol
import ChatRecords

@testable import ChatHub

/// The logins of all hubs, as the entries of the feed report them: what a hub that starts learns, and what all hubs
/// must agree on.
struct PresenceModel {
  private(set) var logins: [Login] = []
  private(set) var away: [MemberID: String] = [:]
  /// A name that two members had at once, or a login of nobody.
  private(set) var violation: String?

  var state: PresenceState { PresenceState(logins: logins, away: away) }

  mutating func apply(_ change: SharedChange) {
    for case .room(let rules) in change.changes where rules.isPrivate {
      leave(rules.room) { !rules.admits($0.member) }
    }
    switch change.arrival {
    case .login(let login, _): enter(login)
    case .room(let room, let login, of: _):
      guard let index = index(of: login), !logins[index].rooms.contains(room) else { break }
      logins[index].rooms.append(room)
    case nil: break
    }
    for effect in change.effects { apply(effect) }
  }

  /// A difference from the logins that a hub knows; nil if there is none.
  func difference(from hub: Hub) -> String? {
    let known = hub.people.logins { _ in true }
    guard Set(known.map(Entry.init)) == Set(logins.map(Entry.init)) else {
      return "the hub knows the logins \(known.map(\.name)), not \(logins.map(\.name))"
    }
    for member in Set(logins.map(\.member)) where hub.people[member]?.away != away[member] {
      return "\(member) is away as \(hub.people[member]?.away ?? "nobody")"
    }
    for entry in hub.rooms.entries where entry.key != .lobby {
      for member in Set(logins.map(\.member)).union(entry.value.people.entries.map(\.key)) {
        let count = logins.count { $0.member == member && $0.rooms.contains(entry.key) }
        guard (entry.value.people[member] ?? 0) == count else { return "\(entry.key) has another number of logins" }
      }
    }
    return nil
  }

  /// Rooms are compared as a set: a hub that started later knows them in another order.
  private struct Entry: Hashable {
    var login: Login
    var rooms: Set<RoomName>

    init(_ login: Login) {
      self.login = login
      self.login.rooms = []
      rooms = Set(login.rooms)
    }
  }

  private mutating func enter(_ login: Login) {
    for other in logins where other.member != login.member && other.name == login.name {
      violation = "\(other.name) and \(login.name) are logged in at once"
    }
    for other in logins where other.member == login.member && other.name != login.name {
      violation = "\(login.member) is logged in as \(other.name) and \(login.name)"
    }
    logins.append(login)
  }

  private mutating func apply(_ effect: SharedChange.Effect) {
    switch effect {
    case .part(let room, let login, of: _): leave(room) { $0.id == login }
    case .away(let member, let text): if logins.contains(where: { $0.member == member }) { away[member] = text }
    case .takeOut(let member, let room, by: _): leave(room) { $0.member == member }
    case .empty(let room, by: _): leave(room) { _ in true }
    case .tell, .kick, .ban, .endSessions, .forget: break
    }
  }

  mutating func remove(where isEnding: (Login) -> Bool) {
    logins.removeAll(where: isEnding)
    away = away.filter { member, _ in logins.contains { $0.member == member } }
  }

  private func index(of login: LoginID) -> Int? { logins.firstIndex { $0.id == login } }

  private mutating func leave(_ room: RoomName, where isLeaving: (Login) -> Bool) {
    for index in logins.indices where isLeaving(logins[index]) { logins[index].rooms.removeAll { $0 == room } }
  }
}
