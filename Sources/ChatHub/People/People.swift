import ChatProtocol
import ChatRecords

/// The members who are logged in, their names, and the recent addresses of those who left.
struct People: Sendable {
  private var members = SlotMap<MemberID, Member>()
  /// Members by nickname, in login order.
  private(set) var roster = InsertionOrderedTable<Nickname, MemberID>()
  /// The skeletons of these nicknames.
  private var looks = ConfusableIndex()
  var recent = RecentPeople()

  var count: Int { roster.count }
  /// The order differs between runs.
  var ids: some Collection<MemberID> { members.keys }

  /// The member's slot, valid until the member leaves.
  func place(of member: MemberID) -> Int? { members.place(of: member) }

  subscript(member: MemberID) -> Member? {
    _read { yield members[member] }
    _modify { yield &members[member] }
  }

  subscript(at place: Int) -> Member? {
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
  func contains(lookalikeOf name: Nickname) -> Bool { looks.contains(lookalikeOf: name) }

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

  // MARK: Coming and going

  /// Adds a member who has no session yet.
  /// - Parameter name: must not be that of another member.
  mutating func enter(_ member: MemberID, named name: Nickname, _ record: MemberRecord) {
    members.insert(member, Member(id: member, name: name, sessions: [], record: record))
    roster.insert(name, member)
    looks.insert(name)
  }

  /// Detaches the session from its member. A member without sessions has left.
  mutating func leave(_ presence: Session.Presence, _ id: SessionID, _ reason: LeaveReason, _ turn: inout Turn) {
    members[presence.member]?.sessions.removeAll { $0 == id }
    guard members[presence.member]?.sessions.isEmpty == true else { return }
    members.remove(presence.member)
    roster.remove(presence.name)
    looks.remove(presence.name)
    turn.publish(.left(presence.name, reason), in: .lobby)
  }

  mutating func removeAll() {
    members.removeAll()
    roster = InsertionOrderedTable()
    looks = ConfusableIndex()
  }

  // MARK: State of a member

  /// Sets or removes the away message, and announces a change.
  mutating func setAway(_ text: String?, _ presence: Session.Presence, _ turn: inout Turn) {
    guard text != members[presence.member]?.away else { return }
    members[presence.member]?.away = text
    turn.publish(text.map { .away(presence.name, text: $0) } ?? .back(presence.name), in: .lobby)
  }

  /// The member's read mark, limited to the head of the conversation even if the log has a higher one.
  func mark(in conversation: Conversation, of member: MemberID, head: Int) -> Int? {
    members[member]?.record.marks[conversation].map { min($0, head) }
  }
}
