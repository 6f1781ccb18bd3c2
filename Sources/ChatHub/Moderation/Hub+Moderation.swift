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

  mutating func kick(_ name: Nickname, reason: String, _ turn: inout Turn) throws(RequestError) {
    try requireOperator(turn.caller)
    guard let person = roster.entry(name) else { throw RequestError(.userNotFound) }
    let actor = turn.caller.actor
    let reason = Self.clean(reason)
    // Operators may kick themselves, too.
    let text = "\(actor) ended your connection" + (reason.isEmpty ? "." : ": \(reason)")
    propose([act(.kick, "@\(person.key)", reason, by: actor)], effects: [.kick(person.value, text: text)], &turn)
  }
}
