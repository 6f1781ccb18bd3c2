import ChatModel
import ChatProtocol

// Requests about keys, rooms and moderation, and their answers.

extension Interface {
  mutating func ask(_ request: AdminRequest) -> [InterfaceCommand] {
    guard connection.isOnline else {
      tell(.alert("not connected: nothing was asked"))
      return []
    }
    guard !connection.isPlain else {
      tell(.alert("this server speaks the plain protocol, which has no word for it"))
      return []
    }
    administration.ask(request, from: tabs.current.target)
    // The server joins the creator of a room to that room.
    if case .create(let room) = request { beginJoining(room) }
    return [.client(.admin(request))]
  }

  // MARK: Answers

  mutating func hear(_ answer: AdminAnswer, to request: AdminRequest) {
    let origin = administration.takeOrigin(of: request)
    administration.note(answer)
    if case .done = answer { settleStanding(after: request) }
    let body: TranscriptEntry.Body
    switch answer {
    case .refused(let reason):
      if case .create(let room) = request { rooms.endJoining(room) }
      body = .alert("/\(request.verb.rawValue.lowercased()): \(DisplayText.sanitize(reason))")
    case .done(let code, _, _):
      let words = code.map { "\(request.outcome), with the code \(DisplayText.sanitize($0))" } ?? outcome(of: request)
      body = .notice(words)
    case .keys, .sanctions, .operators, .acts:
      guard
        let listing = AdminListing(
          answer, isWhole: false, now: now, timeFormat: preferences.timeFormat, offset: settings.localOffset)
      else { return }
      body = .notice(listing.text)
    }
    guard let index = origin.flatMap(tabs.index(of:)) else { return tell(body) }
    tabs[index].transcript.append(body, at: now)
  }

  /// Updates the user's own standing, which `ClientEvent.operatorChanged` reports after a request of another operator.
  private mutating func settleStanding(after request: AdminRequest) {
    switch request {
    case .makeOperator(name): connection.standing.isOperator = true
    case .unmakeOperator(name): connection.standing.isOperator = false
    default: break
    }
  }

  /// Describes a redacted message by author and time instead of its number, if the message is loaded.
  private func outcome(of request: AdminRequest) -> String {
    guard case .redact(let target, let sequence, _) = request, let index = tabs.index(of: target),
      let entry = tabs[index].transcript.entry(withSequence: sequence), let author = entry.author
    else { return request.outcome }
    return "what \(rosters.guests.shown(author)) said at \(clock(entry.time)) was removed"
  }
}
