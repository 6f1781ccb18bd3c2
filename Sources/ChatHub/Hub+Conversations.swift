import ChatProtocol

// What a target means to whom, and where its conversation stands.

extension Hub {
  /// Whom `@name` means to a member: whoever is here under that name, or else whose it is, or else the one of that name
  /// whom the member last wrote with, unless they are here under another one, or own one. So nobody has two names at
  /// once, and what is read under a name is what is written to it.
  func bearer(of name: Nickname, for member: MemberID) -> (member: MemberID, name: Nickname)? {
    if let present = roster.entry(name) { return (present.value, present.key) }
    if let owner = registry.account(named: name) { return (owner.member, owner.name) }
    guard let known = members[member]?.record.correspondent(named: name), currentName(of: known.member) == nil else {
      return nil
    }
    return (known.member, known.name)
  }

  /// What somebody is called who is here, or who owns a name.
  func currentName(of member: MemberID) -> Nickname? { members[member]?.name ?? registry.account(of: member)?.name }

  /// Who is written to under a name: whoever is here under it, or else whose it is, who reads it when they come. A
  /// session without tags writes to those who are here.
  func reader(named name: Nickname, _ context: RequestContext) -> (member: MemberID, name: Nickname)? {
    if let present = roster.entry(name) { return (present.value, present.key) }
    guard context.dialect.contains(.tags), let owner = registry.account(named: name) else { return nil }
    return (owner.member, owner.name)
  }

  /// The conversation that a request is about.
  /// - Throws: where its sender is not in it, or it cannot be told which one it is.
  func find(
    _ target: Target, _ request: Request, _ context: RequestContext, _ presence: Session.Presence
  ) throws(RequestError) -> Address {
    switch target {
    case .room(let room): return Address(room: try nameOfJoined(room, context, request.verb))
    case .person(let name):
      if let (other, name) = bearer(of: name, for: presence.member) {
        return Address(pairOf: presence.member, and: other, named: name)
      }
      let isKnown = members[presence.member]?.record.knowledge == .complete
      throw RequestError(isKnown ? .userNotFound : .historyUnavailable, request.verb)
    }
  }

  /// The last message that was published; nil where that is not known.
  func head(of conversation: Conversation, for member: MemberID) -> Int? {
    switch conversation {
    case .room(let room): rooms[room]?.head
    case .pair(let pair): members[member]?.record.head(with: pair.other(than: member))
    }
  }

  /// Whether the numbers up to a cursor mean what they meant when its owner learned them. They do not where the log was
  /// made anew, or restored from a copy that does not reach so far: then the cursor's epoch is not among the log's, or
  /// the conversation had not got so far when that epoch ended.
  func isValid(_ cursor: Cursor, of conversation: Conversation, for member: MemberID) -> Bool {
    guard let epoch = number(of: cursor.epoch, in: conversation, for: member) else { return false }
    let head: Int?
    switch conversation {
    case .room(let name):
      let room = rooms[name] ?? Room()
      head = room.heads.head(atEndOf: epoch, now: room.head)
    case .pair(let pair):
      head = members[member]?.record.head(with: pair.other(than: member), atEndOf: epoch)
    }
    return head.map { cursor.sequence <= $0 } ?? false
  }

  /// The place among the log's epochs of one that `epoch(of:for:)` made.
  private func number(of epoch: Epoch, in conversation: Conversation, for member: MemberID) -> Int? {
    guard case .pair(let pair) = conversation else { return epochs.number(of: epoch) }
    let suffix = ".\(pair.other(than: member))"
    guard epoch.text.hasSuffix(suffix) else { return nil }
    return Epoch(epoch.text.dropLast(suffix.count)).flatMap(epochs.number)
  }

  /// Whose the other end of a pair is stands in its epoch: who has a name that somebody else had has another one.
  func epoch(of conversation: Conversation, for member: MemberID) -> Epoch {
    let epoch = epochs.current
    guard case .pair(let pair) = conversation else { return epoch }
    return self.epoch(with: pair.other(than: member))
  }

  /// Of anybody's conversation with the member.
  func epoch(with member: MemberID) -> Epoch {
    let (epoch, other) = (epochs.current, member.description)
    // An epoch has room for 64 bytes.
    return Epoch("\(epoch.text.prefix(63 - other.utf8.count)).\(other)") ?? epoch
  }

  /// Adds the tags that tell which person has a name, and whether anybody owns it where names can be owned.
  func identify(_ member: MemberID, named name: Nickname, in tags: inout Tags) {
    tags.epoch = epoch(with: member)
    if settings.pin != nil, registry.account(of: member)?.name != name { tags.isGuest = true }
  }

  /// The person who has the name is not the one that a message was meant for: its sender is told which one it is.
  mutating func introduceRecipient(of request: Request, _ context: RequestContext, into actions: inout [HubAction]) {
    guard let name = request.recipient, let member = context.presence?.member,
      let reader = reader(named: name, context)
    else { return }
    let head = head(of: .pair(Conversation.Pair(member, reader.member)), for: member) ?? 0
    introduce(reader.member, named: reader.name, head: head, to: context.session, into: &actions)
  }

  /// Before the first line of a pair's conversation, tells a session which one it is, unless it knows.
  mutating func introduce(
    _ other: MemberID, named name: Nickname, head: Int, to id: SessionID, into actions: inout [HubAction]
  ) {
    guard let place = sessions.place(of: id), sessions[at: place]?.isSynchronized == true,
      let member = sessions[at: place]?.presence?.member,
      sessions[at: place]?.introduce(name, as: other, head: head) == true
    else { return }
    let address = Address(pairOf: member, and: other, named: name)
    tellHead(head, of: address, to: id, member, into: &actions)
  }

  /// Says `SYNC`.
  /// - Parameter since: the cursor that it answers, where that is good.
  func tellHead(
    _ head: Int, of address: Address, since: Cursor? = nil, to id: SessionID, _ member: MemberID,
    into actions: inout [HubAction]
  ) {
    var tags = Tags()
    if let since, since.epoch != epoch(of: address.conversation, for: member) { tags.since = since.epoch }
    if sessions[id]?.dialect.contains(.marks) == true {
      tags.mark = mark(in: address.conversation, of: member, head: head)
    }
    actions.append(
      .send(id, .sync(address.target, epoch(of: address.conversation, for: member), head: head), tags))
  }
}
