import ChatProtocol

// The cost of lines, and the release of sessions that were held for exceeding their rate limit.

extension Hub {
  /// The cost of the request in tenths of a line that reaches other members. A long list costs the server far more than
  /// the line that requests it.
  func cost(of request: Request) -> Int {
    guard case .success(let handling)? = request.content, let list = handling.list else {
      return request.verb?.cost ?? 1
    }
    return switch list {
    case .people(let room?) where room != .lobby: Self.tenths(listing: rooms[room]?.people.count ?? 0)
    case .people: Self.tenths(listing: people.count)
    case .rooms: Self.tenths(listing: rooms.count)
    case .messages(let limit): Self.tenths(listing: min(limit, Self.maximumPage))
    }
  }

  /// - Parameter count: the maximum number of lines in the answer.
  private static func tenths(listing count: Int) -> Int { 1 + min(max(count, 0) / 100, maximumListTenths) }

  /// At the default of five lines per second, about one list of maximum cost is answered per second.
  private static let maximumListTenths = 50

  /// Charges the lines of a message after the first one. They delay the requests that follow, and not the message
  /// itself, which would otherwise wait longer than clients wait for an answer.
  mutating func chargeFurtherLines(of text: String, from place: Int, _ turn: borrowing Turn) {
    guard !sessions[at: place].peer.isHost, MessageLines.areSeveral(in: text) else { return }
    let tenths = Verb.message.cost * (MessageLines.nonBlankCount(of: text) - 1)
    _ = sessions[at: place].rateLimiter.take(tenths: tenths, bytes: 0, settings.limits, at: turn.now)
  }

  /// Handles the requests of held sessions that are below their rate again.
  mutating func releasePaced(_ turn: inout Turn) {
    for id in sessions.releasePaced(settings.limits, at: turn.now) { goOn(id, &turn) }
  }
}
