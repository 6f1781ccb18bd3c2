import ChatProtocol
import ChatRecords

@testable import ChatHub

/// A turn outside a hub.
/// - Returns: the actions of the turn.
func turn<Failure: Error>(
  at seconds: Int64 = 0, wall: Timestamp = Timestamp(milliseconds: 0), as caller: Caller = .nobody,
  _ body: (inout Turn) throws(Failure) -> Void
) throws(Failure) -> [HubAction] {
  var actions: [HubAction] = []
  var turn = Turn(
    at: MonotonicTime(nanoseconds: seconds * 1_000_000_000), wall: wall, appendingTo: &actions)
  turn.caller = caller
  try body(&turn)
  turn.finish(into: &actions)
  return actions
}

extension Caller {
  static func member(
    _ presence: Session.Presence, _ session: UInt64 = 1, peer: Peer = .host, capabilities: Capabilities = .all
  ) -> Caller {
    Caller(
      address: ReplyAddress(session: SessionID(session), verb: .ping, label: "7"), place: 0, peer: peer,
      capabilities: capabilities, presence: presence, tags: RequestTags())
  }
}

extension Session.Presence {
  init?(_ name: String, _ member: Int64, key: PublicKey? = nil) {
    guard let name = Nickname(name) else { return nil }
    self.init(member: MemberID(member), name: name, login: LoginID(1), key: key)
  }
}
