import ChatProtocol

/// Selects the entries of transcripts that the user hides.
struct EntryFilter: Hashable, Sendable {
  /// Whether joins, leaves and away messages are hidden.
  var hidesPresence = false
  /// The people whose messages are hidden.
  var ignored: Set<Nickname> = []

  /// Whether no entry is hidden.
  var isEmpty: Bool { !hidesPresence && ignored.isEmpty }

  func hides(_ entry: TranscriptEntry) -> Bool { hides(entry.body) }

  func hides(_ body: TranscriptEntry.Body) -> Bool {
    if hidesPresence, body.isPresence { return true }
    guard !ignored.isEmpty else { return false }
    return switch body {
    case .message(let message): !message.isOwn && ignored.contains(message.author)
    // Otherwise the redaction of a hidden message would show it as a line.
    case .redacted(let author, _): ignored.contains(author)
    // An away message is a text by its author too.
    case .away(let name, _), .back(let name): ignored.contains(name)
    case .topic, .notice, .alert, .presence: false
    }
  }
}

extension Interface {
  /// Every place that shows or finds entries of a transcript asks it.
  var filter: EntryFilter { EntryFilter(hidesPresence: view.hidesPresence, ignored: ignored.names) }
}
