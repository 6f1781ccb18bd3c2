import ChatModel
import ChatProtocol

/// `HISTORY`
struct PendingPage: PendingRequest {
  let request: HistoryRequest

  var message: ClientMessage { .history(request.target, request.range, limit: request.limit) }
  var content: Batches.BatchContent? { .messages(in: request.target) }

  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    let page = HistoryPage(batch.messages, hasMore: batch.hasMore)
    let isUnsettled = online.awaitsVerdict(in: request.target, serverState)
    serverState.conversations.change(request.target) {
      $0.answered(request, page, isUnsettled: isUnsettled, into: &actions)
    }
  }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    let isUnsettled = online.awaitsVerdict(in: request.target, serverState)
    serverState.conversations.change(request.target) {
      $0.failed(request, at: moment.now, isUnsettled: isUnsettled, into: &actions)
    }
  }
}

/// A page of missed messages that the server sends without a request.
struct PushedPage: BatchReceiver {
  let target: Target

  var content: Batches.BatchContent? { .messages(in: target) }

  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    let page = HistoryPage(batch.messages, hasMore: batch.hasMore)
    let isUnsettled = online.awaitsVerdict(in: target, serverState)
    guard online.isOurs(target, serverState) else { return }
    serverState.conversations.change(target) { $0.pushed(page, isUnsettled: isUnsettled, into: &actions) }
  }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    serverState.conversations.change(target) { $0.pushFailed() }
  }
}

/// `SEARCH`. When the connection breaks, `ServerState` ends the pending search.
struct PendingSearch: PendingRequest {
  private static let limit = 50

  let number: Int
  /// Nil for all conversations.
  let target: Target?
  let text: String
  /// Continues after the page that ended with this `ChatMessage.id`.
  let before: Int?

  var message: ClientMessage { .search(target, limit: Self.limit, text: text) }
  var content: Batches.BatchContent? { .messages(in: nil) }

  var tags: Tags {
    var tags = Tags()
    tags.before = before
    return tags
  }

  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    guard serverState.search == number else { return }
    serverState.search = nil
    actions.append(
      .tell(
        .found(
          number, batch.messages, hasMore: batch.hasMore && !batch.messages.isEmpty, stoppedBefore: batch.stoppedBefore)
      ))
  }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    guard serverState.search == number else { return }
    serverState.search = nil
    actions.append(.tell(.searchFailed(number, reason: reason)))
  }
}

/// `HISTORY`, at the request of the user. Independent of the conversation's track.
struct PendingHistory: PendingRequest {
  let number: Int
  let target: Target
  let range: HistoryRange
  let limit: Int

  var message: ClientMessage { .history(target, range, limit: limit) }
  var content: Batches.BatchContent? { .messages(in: target) }

  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    let page = HistoryPage(batch.messages, hasMore: batch.hasMore)
    actions.append(.tell(.history(number, page.messages, hasMore: page.hasMore)))
  }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.historyFailed(number, reason: DisplayText.sanitize(reason))))
  }

  func abandoned(
    on online: inout Online, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.historyFailed(number, reason: ClientSession.unanswered)))
  }
}

/// `MARK`
struct PendingMark: PendingRequest {
  let target: Target
  let sequence: Int

  var message: ClientMessage { .mark(target, sequence) }

  func accepted(
    _ tags: Tags, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    _ = serverState.marks.learn(target, upTo: sequence)
  }
}
