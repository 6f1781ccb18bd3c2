import ChatModel
import ChatProtocol

/// Requests about keys, admission, operators and sanctions.
extension ClientSession {
  mutating func administer(_ request: AdminRequest, at moment: Moment) {
    guard var online = takeOnline() else { return refuse(request, "There is no connection.") }
    defer { state = .online(online) }
    let message = ClientMessage.admin(request)
    if let reason = online.obstacle(to: request) ?? objection(to: message, text: request.verb.rawValue) {
      return refuse(request, reason)
    }
    guard !online.requests.isFull else { return refuse(request, "Too many questions wait to be answered.") }
    online.request(.admin(request), message, at: moment.now, into: &actions)
  }

  private mutating func refuse(_ request: AdminRequest, _ reason: String) {
    tell(.administered(request, .refused(reason: reason)))
  }
}

extension Online {
  /// The reason why the server does not support the request.
  fileprivate func obstacle(to request: AdminRequest) -> String? {
    guard !request.verb.isKnown(in: link.dialect) else { return nil }
    switch request {
    case .listKeys, .addKey, .removeKey:
      return link.pin == nil
        ? "Without encryption nobody is known by a key." : "This server does not know people by their keys."
    case .create, .invite, .uninvite: return ClientSession.onlyOneRoom
    default: return "This server has no operators."
    }
  }

  /// Handles the answer to a request that is answered by one line.
  mutating func administered(
    _ request: AdminRequest, _ tags: Tags, _ serverState: inout ServerState, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) {
    let code = tags.invitationCode.map { String(DisplayText.sanitize($0).prefix(512)) }
    actions.append(.tell(.administered(request, .done(code: code))))
    guard case .create(let room) = request, serverState.rooms.insert(room) else { return }
    if hasHistory {
      // SYNC follows, as after JOIN.
      serverState.rooms.asked(room, at: now, isAnswered: false)
    } else {
      joined(as: room, &serverState, into: &actions)
    }
  }
}

extension AdminRequest {
  /// Whether the answer is a list.
  var isAnsweredByBatch: Bool {
    switch self {
    case .listKeys, .listSanctions, .listOperators, .listActs: true
    default: false
    }
  }
}

extension AdminAnswer {
  /// - Parameter records: the lines of a batch; records of other kinds are ignored.
  init(to request: AdminRequest, _ records: [ServerMessage]) {
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
