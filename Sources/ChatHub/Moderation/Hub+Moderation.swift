import ChatProtocol

// Kicking members, and code shared by all operator commands.

extension Hub {
  /// The maximum length of a reason, in bytes.
  private static let maximumReason = 256
  /// A list ends after this many bytes, so that it fits into a session's send queue.
  static let maximumRecordBytes = 256 * 1024

  /// Turns a reason into one short line that is safe for a terminal.
  static func clean(_ reason: String) -> String {
    var clean = ""
    for character in DisplayText.sanitize(reason).split(separator: " ").joined(separator: " ") {
      guard clean.utf8.count + character.utf8.count <= maximumReason else { break }
      clean.append(character)
    }
    return clean
  }

  mutating func kick(
    _ name: Nickname, reason: String, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(context, request.verb)
    guard let person = roster.entry(name) else { throw RequestError(.userNotFound, .kick) }
    let actor = actor(context)
    let reason = Self.clean(reason)
    // Operators may kick themselves, too.
    let text = "\(actor) ended your connection" + (reason.isEmpty ? "." : ": \(reason)")
    propose(
      [act(.kick, "@\(person.key)", reason, by: actor)], request, context, effects: [.kick(person.value, text: text)],
      into: &actions)
  }

  /// Answers with a batch.
  mutating func list(
    _ lines: [ServerMessage], _ kind: String, hasMore: Bool, _ tags: Tags, to id: SessionID,
    into actions: inout [HubAction]
  ) {
    guard let batch = sessions[id]?.nextBatch() else { return }
    var tags = tags
    if hasMore { tags.hasMore = true }
    actions.append(.send(id, .batchStart(reference: batch, kind: kind), tags))
    tags = Tags()
    tags.batch = batch
    for line in lines { actions.append(.send(id, line, tags)) }
    actions.append(.send(id, .batchEnd(reference: batch), Tags()))
  }
}
