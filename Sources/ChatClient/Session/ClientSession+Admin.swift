import ChatModel
import ChatProtocol

// Requests about keys, admission, operators and sanctions.

extension ClientSession {
  mutating func administer(_ request: AdminRequest, at moment: Moment) {
    guard var online = takeOnline() else { return refuse(request, "There is no connection.") }
    defer { state = .online(online) }
    let pending = PendingAdministration(request: request)
    if let reason = online.obstacle(to: request) ?? objection(to: pending.message, text: request.verb.rawValue) {
      return refuse(request, reason)
    }
    guard !online.requests.isFull else { return refuse(request, "Too many questions wait to be answered.") }
    online.request(pending, at: moment.now, into: &actions)
  }

  private mutating func refuse(_ request: AdminRequest, _ reason: String) {
    tell(.administered(request, .refused(reason: reason)))
  }
}

extension Online {
  /// The reason why the server does not support the request.
  fileprivate func obstacle(to request: AdminRequest) -> String? {
    guard !request.verb.isKnown(in: link.capabilities) else { return nil }
    switch request {
    case .listKeys, .addKey, .removeKey:
      return link.pin == nil
        ? "Without encryption nobody is known by a key." : "This server does not know people by their keys."
    case .create, .invite, .uninvite: return ClientSession.onlyOneRoom
    default: return "This server has no operators."
    }
  }
}
