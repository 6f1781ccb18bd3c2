import ChatProtocol

// Rate limits. A session above its rate is not read from until it is below again. No input is lost.

extension Hub {
  /// Deducts the cost of a line.
  /// - Parameters:
  ///   - line: the line as read.
  ///   - request: nil for a blank line.
  /// - Returns: whether the line may be handled now; if not, the session must be held.
  mutating func rateLimiter(
    _ line: Result<Line, LineFault>, _ request: Request?, _ id: SessionID, at place: Int, _ turn: inout Turn
  ) -> Bool {
    // Clients on the host are exempt: counting would cost more than some lines do.
    guard sessions[at: place]?.peer.isHost == false else { return true }
    let tenths = request.map(tenths) ?? 1
    let isPaid = sessions[at: place]?.rateLimiter.take(tenths: tenths, bytes: line.bytes, settings.limits, at: turn.now)
    // The session is held already, and waits for this line's cost, too.
    guard sessions[at: place]?.backlog.isPaced == false else { return false }
    guard isPaid == false else { return true }
    sessions[at: place]?.backlog.isPaced = true
    paced.append(id)
    if sessions[at: place]?.rateLimiter.warn(at: turn.now) == true {
      let readsTags = sessions[at: place]?.dialect.contains(.tags) == true
      turn.send(.info(.other(readsTags ? Self.slowDown : "slow-down")), to: id)
    }
    return false
  }

  /// The cost of the line. A long list costs the server far more than the line that requests it.
  private func tenths(of request: Request) -> Int {
    guard case .success(let handling) = request.content, let list = handling.list else {
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

  private static let slowDown = "You write faster than this server takes it; the rest follows a little later."

  /// Handles the requests of held sessions that are below their rate again.
  mutating func releasePaced(_ turn: inout Turn) {
    guard !paced.isEmpty else { return }
    let held = paced
    paced = []
    for id in held {
      guard let place = sessions.place(of: id), let session = sessions[at: place] else { continue }
      guard session.rateLimiter.isPaid(settings.limits, at: turn.now) else {
        paced.append(id)
        continue
      }
      sessions[at: place]?.backlog.isPaced = false
      obeyWaiting(of: id, &turn)
      changeHold(of: id, &turn)
    }
  }
}

extension Result<Line, LineFault> {
  /// The approximate number of bytes received for the line.
  var bytes: Int {
    switch self {
    case .success(let line): line.text.utf8.count + line.tags.byteCount
    // A line is reported as too long once it has at least this many bytes.
    case .failure(.tooLong): LineLimits().line
    case .failure: 0
    }
  }
}
