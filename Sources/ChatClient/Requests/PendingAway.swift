import ChatModel
import ChatProtocol

/// `AWAY`
struct PendingAway: PendingRequest {
  /// Nil for a user who is back.
  let text: String?

  var message: ClientMessage { .away(text) }

  func accepted(
    _ tags: Tags, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    serverState.away.answered(text)
  }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    serverState.away.answered(text)
    online.link.tell(line: .serverError(reason), at: moment.now, into: &actions)
  }
}
