import ChatProtocol

// Who writes too fast is not read from until the server has caught its breath. Nothing of it is lost.

extension Hub {
  /// Takes what a line costs.
  /// - Parameter request: nil for a blank line.
  /// - Returns: whether it may be obeyed now; if not, the session is to be held.
  mutating func pace(
    _ request: Request?, bytes: Int, _ id: SessionID, at place: Int, _ now: MonotonicTime,
    into actions: inout [HubAction]
  ) -> Bool {
    guard sessions[at: place]?.peer.isHost == false else { return true }
    let isPaid = sessions[at: place]?.pace.take(tenths: request?.tenths ?? 1, bytes: bytes, settings.limits, at: now)
    // Whoever is held already waits for this line, too.
    guard sessions[at: place]?.backlog.isPaced == false else { return false }
    guard isPaid == false else { return true }
    sessions[at: place]?.backlog.isPaced = true
    paced.append(id)
    if sessions[at: place]?.pace.warn(at: now) == true {
      let readsTags = sessions[at: place]?.dialect.contains(.tags) == true
      actions.append(.send(id, .info(.other(readsTags ? Self.slowDown : "slow-down")), Tags()))
    }
    return false
  }

  private static let slowDown = "You write faster than this server takes it; the rest follows a little later."

  /// Obeys those who have waited long enough.
  mutating func releasePaced(at now: MonotonicTime, into actions: inout [HubAction]) {
    guard !paced.isEmpty else { return }
    let held = paced
    paced = []
    for id in held {
      guard let place = sessions.place(of: id), let session = sessions[at: place] else { continue }
      guard session.pace.isPaid(settings.limits, at: now) else {
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
