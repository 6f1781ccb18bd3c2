import ChatProtocol

// Lists of members, and the away state.

extension Hub {
  /// The away message is a tag in every list of members, and tags have limited space.
  private static let maximumAwayBytes = 256

  /// - Parameter room: nil for all members of the server.
  mutating func listPeople(
    in room: RoomName?, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    let name = try room.map { room throws(RequestError) in try nameOfJoined(room, context, request.verb) }
    guard let batch = sessions[context.session]?.nextBatch() else { return }
    let start = ServerMessage.batchStart(reference: batch, kind: "who", target: name.map { .room($0) })
    answer(start, request, context.session, into: &actions)
    if let name, name != .lobby {
      for person in rooms[name]?.people.entries.map(\.key) ?? [] {
        guard let member = members[person] else { continue }
        list(member.name, person, away: member.away, batch, context, into: &actions)
      }
    } else {
      let readsTags = context.dialect.contains(.tags)
      for person in roster.entries {
        list(
          person.key, person.value, away: readsTags ? members[person.value]?.away : nil, batch, context, into: &actions)
      }
    }
    actions.append(.send(context.session, .batchEnd(reference: batch), Tags()))
  }

  private func list(
    _ name: Nickname, _ member: MemberID, away: String?, _ batch: String, _ context: RequestContext,
    into actions: inout [HubAction]
  ) {
    var tags = Tags()
    if context.dialect.contains(.tags) {
      tags.batch = batch
      tags.away = away
      if sessions[at: context.place]?.isSynchronized == true { identify(member, named: name, in: &tags) }
    }
    actions.append(.send(context.session, .user(name), tags))
  }

  mutating func setAway(
    _ text: String?, _ request: Request, _ context: RequestContext, _ presence: Session.Presence,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    guard (text?.utf8.count ?? 0) <= Self.maximumAwayBytes else { throw RequestError(.awayTooLong, request.verb) }
    if text != nil { try mustNotBeMuted(context, request.verb) }
    answer(.ok(.away), request, context.session, into: &actions)
    guard text != members[presence.member]?.away else { return }
    members[presence.member]?.away = text
    let change = text.map { ServerMessage.away(presence.name, text: $0) } ?? .back(presence.name)
    actions.append(.publish(change, in: .lobby, Tags()))
  }
}
