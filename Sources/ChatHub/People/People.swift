import ChatProtocol
import ChatRecords

/// The members who are logged in, their names, and the recent addresses of those who left.
struct People: Sendable {
  private var members = SlotMap<MemberID, Member>(placeholder: Member(id: MemberID(0), name: .host))
  /// Members by nickname, in login order.
  private(set) var roster = InsertionOrderedTable<Nickname, MemberID>()
  /// The skeletons of these nicknames.
  private var skeletons = ConfusableIndex()
  var recent = RecentPeople()
  /// Logins that this hub has withdrawn, until the feed brings their departure. Other hubs know them until then, so
  /// that the member has not left, and is still away, even if this hub knows no other login.
  private var withdrawn: [MemberID: Set<LoginID>] = [:]
  private var awayElsewhere: [MemberID: String] = [:]

  var count: Int { roster.count }
  /// The order differs between runs.
  var ids: some Collection<MemberID> { members.keys }

  /// The member's slot, valid until the member leaves.
  func place(of member: MemberID) -> Int? { members.place(of: member) }

  /// A copy of the member.
  subscript(member: MemberID) -> Member? { members[member] }

  /// Changes a member in place.
  /// - Returns: nil if the member has left.
  @discardableResult
  mutating func update<Outcome>(_ member: MemberID, _ change: (inout Member) -> Outcome) -> Outcome? {
    members.update(member, change)
  }

  subscript(at place: Int) -> Member {
    _read { yield members[at: place] }
    _modify { yield &members[at: place] }
  }

  // MARK: Names

  /// The member who is logged in under the name, and the name as written at the login.
  func present(_ name: Nickname) -> (member: MemberID, name: Nickname)? {
    roster.entry(name).map { ($0.value, $0.key) }
  }

  /// Whether the name could be mistaken for that of a member.
  /// - Parameter name: must not be that of a member.
  func contains(lookalikeOf name: Nickname) -> Bool { skeletons.contains(lookalikeOf: name) }

  /// The nickname of a member who is logged in or owns a name.
  func currentName(of member: MemberID, _ registry: Registry) -> Nickname? {
    members[member]?.name ?? registry.account(of: member)?.name
  }

  /// Resolves `@name` for a member: the member who is logged in under that name, else the account that owns it, else
  /// the last correspondent of that name, unless that correspondent is logged in under another name or owns one. A
  /// person therefore never has two names at once, and messages read under a name come from the person whom a reply to
  /// it reaches.
  func bearer(
    of name: Nickname, for member: MemberID, _ registry: Registry
  ) -> (member: MemberID, name: Nickname)? {
    if let reader = reader(named: name, registry) { return reader }
    guard let known = members[member]?.record.correspondent(named: name),
      currentName(of: known.member, registry) == nil
    else { return nil }
    return (known.member, known.name)
  }

  /// The name that stands for another person in lines to a member, the inverse of `bearer`; nil if there is none.
  func name(of other: MemberID, for member: MemberID, _ registry: Registry) -> Nickname? {
    let known = members[member]?.record.correspondents.first { $0.member == other }
    guard let name = currentName(of: other, registry) ?? known?.name,
      bearer(of: name, for: member, registry)?.member == other
    else { return nil }
    return name
  }

  /// The recipient of messages to a name: the member logged in under it, else the account that owns it, which reads the
  /// message at its next login.
  func reader(named name: Nickname, _ registry: Registry) -> (member: MemberID, name: Nickname)? {
    if let present = present(name) { return present }
    guard let owner = registry.account(named: name) else { return nil }
    return (owner.member, owner.name)
  }

  // MARK: Logins

  /// - Returns: whether the member was not logged in before.
  @discardableResult
  mutating func enter(_ login: Login) -> Bool {
    let isFirst = members[login.member] == nil
    if isFirst {
      var member = Member(id: login.member, name: login.name)
      member.away = awayElsewhere.removeValue(forKey: login.member)
      members.insert(login.member, member)
      if roster.insert(login.name, login.member) { skeletons.insert(login.name) }
    }
    members.update(login.member) { $0.logins.append(MemberLogin(login: login)) }
    return isFirst
  }

  /// Removes a login. A member without logins has left.
  /// - Returns: nil if there is no such login.
  mutating func leave(_ login: LoginID, of member: MemberID) -> Login? {
    guard let place = members.place(of: member),
      let index = members[at: place].logins.firstIndex(where: { $0.login.id == login })
    else { return nil }
    let left = members[at: place].logins.remove(at: index)
    if members[at: place].logins.isEmpty {
      if withdrawn[member] != nil { awayElsewhere[member] = members[at: place].away }
      members.remove(member)
      if roster[left.login.name] == member {
        roster.remove(left.login.name)
        skeletons.remove(left.login.name)
      }
    }
    return left.login
  }

  /// Notes a login that this hub does not accept, although the feed has brought it.
  mutating func withdraw(_ login: LoginID, of member: MemberID) { withdrawn[member, default: []].insert(login) }

  /// The feed has brought the departure of a login, perhaps of a withdrawn one.
  mutating func forgetWithdrawn(_ login: LoginID, of member: MemberID) {
    guard withdrawn[member]?.remove(login) != nil, withdrawn[member]?.isEmpty == true else { return }
    withdrawn[member] = nil
    awayElsewhere[member] = nil
  }

  /// The login's session; nil if it is on another hub or has ended.
  func session(of login: LoginID, of member: MemberID) -> SessionID? {
    members[member]?.logins.first { $0.login.id == login }?.session
  }

  /// - Parameter session: nil when the session has ended.
  mutating func attach(_ session: SessionID?, to login: LoginID, of member: MemberID) {
    guard let place = members.place(of: member),
      let index = members[at: place].logins.firstIndex(where: { $0.login.id == login })
    else { return }
    members[at: place].logins[index].session = session
    if !members[at: place].logins.contains(where: { $0.session != nil }) {
      members[at: place].record = MemberRecord(.elsewhere)
    }
  }

  func contains(_ login: LoginID, of member: MemberID) -> Bool {
    members[member]?.logins.contains { $0.login.id == login } == true
  }

  /// In the order of the members' logins.
  func logins(where isIncluded: (Login) -> Bool) -> [Login] {
    roster.entries.flatMap { entry -> [Login] in
      members.place(of: entry.value).map { members[at: $0].logins.map(\.login).filter(isIncluded) } ?? []
    }
  }

  // MARK: Rooms of a login

  /// - Returns: the member's name; nil if there is no such login, or it is in the room already.
  mutating func join(_ room: RoomName, _ login: LoginID, of member: MemberID) -> Nickname? {
    change(login, of: member) { login in
      guard !login.rooms.contains(room) else { return false }
      login.rooms.append(room)
      return true
    }
  }

  /// - Returns: the member's name; nil if there is no such login, or it is not in the room.
  mutating func part(_ room: RoomName, _ login: LoginID, of member: MemberID) -> Nickname? {
    change(login, of: member) { login in
      guard let index = login.rooms.firstIndex(of: room) else { return false }
      login.rooms.remove(at: index)
      return true
    }
  }

  private mutating func change(_ login: LoginID, of member: MemberID, _ change: (inout Login) -> Bool) -> Nickname? {
    guard let place = members.place(of: member),
      let index = members[at: place].logins.firstIndex(where: { $0.login.id == login })
    else { return nil }
    return change(&members[at: place].logins[index].login) ? members[at: place].name : nil
  }

  /// The member's logins in a room.
  func logins(of member: MemberID, in room: RoomName) -> [(login: LoginID, session: SessionID?)] {
    members[member]?.logins.filter { $0.login.rooms.contains(room) }.map { ($0.login.id, $0.session) } ?? []
  }

  mutating func removeAll() {
    members.removeAll()
    withdrawn = [:]
    awayElsewhere = [:]
    roster = InsertionOrderedTable()
    skeletons = ConfusableIndex()
  }

  // MARK: State of a member

  /// Sets or removes the away message, and announces a change.
  mutating func setAway(_ text: String?, _ member: MemberID, _ turn: inout Turn) {
    guard let name = members[member]?.name, text != members[member]?.away else { return }
    members.update(member) { $0.away = text }
    turn.publish(text.map { .away(name, text: $0) } ?? .back(name), in: .lobby)
  }

  /// The member's read mark, limited to the head of the conversation even if the log has a higher one.
  func mark(in conversation: Conversation, of member: MemberID, head: Int) -> Int? {
    members[member]?.record.marks[conversation].map { min($0, head) }
  }
}
