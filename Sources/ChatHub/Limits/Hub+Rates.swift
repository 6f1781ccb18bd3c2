import ChatProtocol

// Who writes too fast is not read from until the server has caught its breath. Nothing of it is lost.

extension Hub {
  /// Takes what a line costs.
  /// - Parameters:
  ///   - line: as it was read.
  ///   - request: nil for a blank line.
  /// - Returns: whether it may be obeyed now; if not, the session is to be held.
  mutating func rateLimiter(
    _ line: Result<Line, LineFault>, _ request: Request?, _ id: SessionID, at place: Int, _ now: MonotonicTime,
    into actions: inout [HubAction]
  ) -> Bool {
    // Nothing is counted for who is on the host: it would cost more than some lines do.
    guard sessions[at: place]?.peer.isHost == false else { return true }
    let tenths = request.map(tenths) ?? 1
    let isPaid = sessions[at: place]?.rateLimiter.take(tenths: tenths, bytes: line.bytes, settings.limits, at: now)
    // Whoever is held already waits for this line, too.
    guard sessions[at: place]?.backlog.isPaced == false else { return false }
    guard isPaid == false else { return true }
    sessions[at: place]?.backlog.isPaced = true
    paced.append(id)
    if sessions[at: place]?.rateLimiter.warn(at: now) == true {
      let readsTags = sessions[at: place]?.dialect.contains(.tags) == true
      actions.append(.send(id, .info(.other(readsTags ? Self.slowDown : "slow-down")), Tags()))
    }
    return false
  }

  /// What the line costs. Long lists cost the server far more than the line that asks for them.
  private func tenths(of request: Request) -> Int {
    switch request.content {
    case .success(.who(let room?)) where room != .lobby: Self.tenths(listing: rooms[room]?.people.count ?? 0)
    case .success(.who): Self.tenths(listing: roster.count)
    case .success(.rooms): Self.tenths(listing: rooms.count)
    case .success(.history(_, _, let limit)): Self.tenths(listing: min(limit, Self.maximumPage))
    default: request.tenths
    }
  }

  /// - Parameter count: of lines in the answer, at most.
  private static func tenths(listing count: Int) -> Int { 1 + min(max(count, 0) / 100, maximumListTenths) }

  /// A list that long is given every few seconds.
  private static let maximumListTenths = 50

  private static let slowDown = "You write faster than this server takes it; the rest follows a little later."

  /// Obeys those who have waited long enough.
  mutating func releasePaced(at now: MonotonicTime, into actions: inout [HubAction]) {
    guard !paced.isEmpty else { return }
    let held = paced
    paced = []
    for id in held {
      guard let place = sessions.place(of: id), let session = sessions[at: place] else { continue }
      guard session.rateLimiter.isPaid(settings.limits, at: now) else {
        paced.append(id)
        continue
      }
      sessions[at: place]?.backlog.isPaced = false
      obeyWaiting(of: id, at: now, into: &actions)
      changeHold(of: id, into: &actions)
    }
  }
}

extension Result<Line, LineFault> {
  /// Bytes that it took to send it, about.
  var bytes: Int {
    switch self {
    case .success(let line): line.text.utf8.count + line.tags.byteCount
    // It had at least as many.
    case .failure(.tooLong): LineLimits().line
    case .failure: 0
    }
  }
}
