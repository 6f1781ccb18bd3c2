import ChatProtocol

/// The session whose request is being handled, as it was before, and what the hub needs of the request.
struct Caller: Sendable {
  /// Where the answer to the request goes.
  let address: ReplyAddress
  /// The session's place in the slot map.
  let place: Int
  let peer: Peer
  let capabilities: Capabilities
  let presence: Session.Presence?
  /// The tags of the request.
  let tags: RequestTags

  /// Of an event that is no request. No session has this ID.
  static let nobody = Caller(
    address: ReplyAddress(session: SessionID(.max)), place: -1, peer: .host, capabilities: [], presence: nil,
    tags: RequestTags())

  var session: SessionID { address.session }
  /// The verb of the request; nil if it could not be read.
  var verb: Verb? { address.verb }

  func requireLogin() throws(RequestError) -> Session.Presence {
    guard let presence else { throw RequestError(.notLoggedIn) }
    return presence
  }

  /// The name under which acts of the caller are recorded.
  var actor: Nickname { presence?.name ?? .host }

  /// Whether this is the host's control socket, which needs no login.
  var isControl: Bool { peer.isControl }
}

/// Where the answer to a request goes.
struct ReplyAddress: Hashable, Sendable {
  var session: SessionID
  /// Nil if the verb could not be read, or for lines that answer no request.
  var verb: Verb?
  var label: String?

  /// The tags of the answer.
  var tags: Tags {
    var tags = Tags()
    tags.label = label
    return tags
  }
}
