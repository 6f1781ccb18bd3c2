import ChatProtocol

/// The members who are logged in, at one place of the feed. A hub that starts learns it.
public struct PresenceState: Hashable, Sendable {
  /// In the order of the logins.
  public private(set) var logins: [Login]
  /// The away messages of members who are away.
  public private(set) var away: [MemberID: String]

  public init(logins: [Login] = [], away: [MemberID: String] = [:]) {
    self.logins = logins
    self.away = away
  }

  /// Follows an entry of the feed.
  public mutating func apply(_ entry: FeedEntry) {
    switch entry {
    case .change(let change): apply(change)
    case .departure(let departure): remove { $0.id == departure.login }
    case .hubEnded(let hub): remove { $0.hub == hub }
    case .message, .redaction, .mark: break
    }
  }

  private mutating func apply(_ change: SharedChange) {
    for case .room(let rules) in change.changes where rules.isPrivate {
      leave(rules.room) { !rules.admits($0.member) }
    }
    switch change.arrival {
    case .login(let login, _): logins.append(login)
    case .room(let room, let login, of: _):
      guard let index = logins.firstIndex(where: { $0.id == login }), !logins[index].rooms.contains(room) else { break }
      logins[index].rooms.append(room)
    case nil: break
    }
    for effect in change.effects { apply(effect) }
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

  private mutating func remove(where isEnding: (Login) -> Bool) {
    let members = Set(logins.filter(isEnding).map(\.member))
    guard !members.isEmpty else { return }
    logins.removeAll(where: isEnding)
    let remaining = Set(logins.map(\.member))
    for member in members where !remaining.contains(member) { away[member] = nil }
  }

  private mutating func leave(_ room: RoomName, where isLeaving: (Login) -> Bool) {
    for index in logins.indices where isLeaving(logins[index]) { logins[index].rooms.removeAll { $0 == room } }
  }
}
