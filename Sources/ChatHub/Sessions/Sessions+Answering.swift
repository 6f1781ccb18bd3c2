import ChatProtocol
import ChatRecords

extension Sessions {
  /// - Returns: nil if the session has ended.
  mutating func openBatch(to address: ReplyAddress) -> Batch? {
    guard let place = place(of: address.session) else { return nil }
    return Batch(self[at: place].nextBatch(), to: address, in: self[at: place].capabilities)
  }

  /// Answers a request with a list.
  mutating func reply(
    _ kind: String, _ lines: [ServerMessage], hasMore: Bool = false, to address: ReplyAddress, _ turn: inout Turn
  ) {
    guard let batch = openBatch(to: address) else { return }
    turn.begin(batch, kind) { if hasMore { $0.hasMore = true } }
    for line in lines { turn.add(line, to: batch) }
    turn.end(batch)
  }

  /// Refuses a request, unless its session has ended.
  func refuse(_ code: ErrorCode, text: String? = nil, to address: ReplyAddress, _ turn: inout Turn) {
    if contains(address.session) { turn.refuse(code, text: text, to: address) }
  }

  /// Sends `INFO` to those of the sessions that have negotiated all these capabilities.
  func notify(
    _ ids: [SessionID], _ text: String, with capabilities: Capabilities, _ turn: inout Turn, tags: (Session) -> Tags
  ) {
    for id in ids {
      guard let session = self[id], session.capabilities.isSuperset(of: capabilities) else { continue }
      turn.send(.info(.other(text)), tags(session), to: id)
    }
  }

  /// Ends the session's subscription to the room, with a notice of the reason.
  mutating func takeOut(_ id: SessionID, of room: RoomName, _ reason: String, _ turn: inout Turn) {
    guard let place = place(of: id), let presence = self[at: place].presence, self[at: place].leave(room)
    else { return }
    turn.emit(.leave(id, room))
    var tags = Tags()
    tags.setRoom(room)
    if self[at: place].capabilities.contains(.presence) {
      turn.send(.left(presence.name, .kicked), tags, to: id)
    }
    turn.send(.info(.other(reason)), tags, to: id)
  }
}
