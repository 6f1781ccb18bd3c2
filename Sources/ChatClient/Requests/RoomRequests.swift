import ChatModel
import ChatProtocol

/// `JOIN`
struct PendingJoin: PendingRequest {
  let room: RoomName
  /// The last message of the room that was reported, if the room was joined before.
  let cursor: Cursor?
  /// The number of the room's entry in `WantedRooms`.
  let serial: UInt64?

  var message: ClientMessage { .join(room, cursor) }

  func accepted(
    _ tags: Tags, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    // The user has left the room meanwhile and asked for it again: the answer to the next JOIN counts.
    guard !serverState.rooms.isNewer(room, than: serial) else { return }
    if online.hasHistory {
      // SYNC follows with the room's position; without SYNC the room could not be stored for the next run.
      serverState.rooms.asked(room, at: moment.now, isAnswered: false)
    } else {
      // In the original spelling.
      online.joined(as: tags.room.flatMap { $0 == room ? $0 : nil } ?? room, &serverState, into: &actions)
    }
  }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    guard !serverState.rooms.isNewer(room, than: serial) else { return }
    let wasTold = online.forget(room, &serverState, into: &actions)
    let reason = DisplayText.sanitize(reason)
    actions.append(.tell(wasTold ? .roomLeft(room, reason: reason) : .joinFailed(room, reason: reason)))
  }
}

/// `PART`. The room is forgotten already, so no answer has an effect: an error means that the user is not in it.
struct PendingPart: PendingRequest {
  let room: RoomName

  var message: ClientMessage { .part(room) }
}

/// `ROOMS`
struct PendingRoomList: PendingRequest {
  var message: ClientMessage { .rooms }
  var content: Batches.BatchContent? { .rooms }

  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.rooms(batch.rooms)))
  }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.roomsFailed(reason: DisplayText.sanitize(reason))))
  }

  func expired(
    on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.roomsUnanswered(reason: Self.noAnswer, isOnline: true)))
  }

  func abandoned(
    on online: inout Online, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.roomsUnanswered(reason: ClientSession.unanswered, isOnline: false)))
  }
}

/// `TOPIC`
struct PendingTopic: PendingRequest {
  let room: RoomName
  /// Nil removes the topic.
  let text: String?

  var message: ClientMessage { .topic(room, text) }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.serverError(reason)))
  }

  func abandoned(
    on online: inout Online, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.serverError(ClientSession.unanswered)))
  }
}

/// `WHO` for one room
struct PendingRoster: PendingRequest {
  let room: RoomName

  var message: ClientMessage { .who(room) }
  var content: Batches.BatchContent? { .people(room) }

  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    guard serverState.rooms.isJoined(room) else { return }
    actions.append(.tell(.roster(room, online.rosters.set(batch.people, in: room))))
  }
}
