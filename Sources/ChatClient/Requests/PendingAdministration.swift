import ChatModel
import ChatProtocol

/// A request about keys, invitations, operators or sanctions
struct PendingAdministration: PendingRequest {
  let request: AdminRequest

  var message: ClientMessage { .admin(request) }
  var content: Batches.BatchContent? { request.isAnsweredByBatch ? .records : nil }

  func accepted(
    _ tags: Tags, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    let code = tags.invitationCode.map { String(DisplayText.sanitize($0).prefix(512)) }
    actions.append(.tell(.administered(request, .done(code: code))))
    // The JOIN of a room that the user has asked for meanwhile is answered by itself.
    guard case .create(let room) = request, !serverState.rooms.contains(room), serverState.rooms.insert(room) else {
      return
    }
    if online.hasHistory {
      // SYNC follows, as after JOIN.
      serverState.rooms.asked(room, at: moment.now, isAnswered: false)
    } else {
      online.joined(as: room, &serverState, into: &actions)
    }
  }

  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.administered(request, AdminAnswer(to: request, batch.records))))
  }

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.administered(request, .refused(reason: reason))))
  }

  func abandoned(
    on online: inout Online, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    actions.append(.tell(.administered(request, .refused(reason: ClientSession.unanswered))))
  }
}

extension AdminRequest {
  /// Whether the answer is a list.
  fileprivate var isAnsweredByBatch: Bool {
    switch self {
    case .listKeys, .listSanctions, .listOperators, .listActs: true
    default: false
    }
  }
}

extension AdminAnswer {
  /// - Parameter records: the lines of a batch; records of other kinds are ignored.
  fileprivate init(to request: AdminRequest, _ records: [ServerMessage]) {
    switch request {
    case .listKeys: self = .keys(records.compactMap { if case .key(let key) = $0 { key } else { nil } })
    case .listSanctions:
      self = .sanctions(records.compactMap { if case .sanction(let sanction) = $0 { sanction } else { nil } })
    case .listOperators:
      self = .operators(records.compactMap { if case .operatorName(let name) = $0 { name } else { nil } })
    case .listActs: self = .acts(records.compactMap { if case .act(let act) = $0 { act } else { nil } })
    default: self = .done(code: nil)
    }
  }
}
