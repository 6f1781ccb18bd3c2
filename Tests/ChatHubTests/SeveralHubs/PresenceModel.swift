import ChatProtocol
import ChatRecords

@testable import ChatHub

/// The logins of all hubs, as the entries of the feed report them: what a hub that starts learns, and what all hubs
/// must agree on.
struct PresenceModel {
  private(set) var state = PresenceState()
  /// A name that two members had at once, or a login of nobody.
  private(set) var violation: String?

  var logins: [Login] { state.logins }
  var away: [MemberID: String] { state.away }

  mutating func apply(_ entry: FeedEntry) {
    if case .change(let change) = entry, case .login(let login, _) = change.arrival { check(login) }
    state.apply(entry)
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

  private mutating func check(_ login: Login) {
    for other in logins where other.member != login.member && other.name == login.name {
      violation = "\(other.name) and \(login.name) are logged in at once"
    }
    for other in logins where other.member == login.member && other.name != login.name {
      violation = "\(login.member) is logged in as \(other.name) and \(login.name)"
    }
  }
}
