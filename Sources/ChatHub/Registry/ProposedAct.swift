import ChatProtocol
import ChatRecords

/// An entry of the audit log, before it has a time.
struct ProposedAct: Hashable, Sendable {
  var verb: Verb
  var subject: String
  var text: String
  var by: Nickname

  init(_ verb: Verb, _ subject: String, _ text: String = "", by: Nickname) {
    self.verb = verb
    self.subject = subject
    self.text = text
    self.by = by
  }
}

/// Gives each act a distinct time: the log treats an act with the same time as a repetition, and the clock stands still
/// between two ticks.
struct ActClock: Sendable {
  private var last = Timestamp(milliseconds: .min)

  mutating func next(at wall: Timestamp) -> Timestamp {
    last = max(wall, last.advanced(by: .milliseconds(1)))
    return last
  }
}

extension Act {
  /// The maximum length of a reason, in bytes.
  private static let maximumReason = 256

  /// Turns a reason into one short line that is safe for a terminal.
  static func clean(_ reason: String) -> String {
    var clean = ""
    for character in DisplayText.sanitize(reason).split(separator: " ").joined(separator: " ") {
      guard clean.utf8.count + character.utf8.count <= maximumReason else { break }
      clean.append(character)
    }
    return clean
  }
}
