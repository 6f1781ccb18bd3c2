import ChatProtocol

/// One thing that happened in a conversation, as it is shown.
struct TranscriptEntry: Hashable, Sendable {
  /// Grows from entry to entry; what is scrolled to is remembered by it.
  let id: Int
  var time: Timestamp
  var body: Body
  /// Its place in the conversation, where the server counts; nil for what only this screen knows.
  var sequence: Int?
  /// How many messages the conversation had with this entry: what lies between two is counted without looking.
  var messageCount: Int

  enum Body: Hashable, Sendable {
    case message(Message)
    /// Whose message it was; its text was taken away.
    /// - Parameter by: nil where only the removal is known.
    case removed(Nickname, by: Nickname?)
    /// Somebody gave the room a topic, or took it away.
    case topic(Nickname, String)
    /// The chat's own words: a dim line.
    case notice(String)
    /// Something went wrong.
    case alert(String)
    /// Who came and went, in a row.
    case presence([PresenceChange])
    case away(Nickname, text: String)
    case back(Nickname)
  }

  struct Message: Hashable, Sendable {
    var author: Nickname
    var text: String
    var isOwn: Bool
    /// Holds the reader's name.
    var isMention: Bool

    /// What somebody does rather than says: a text that begins with `/me ` (XEP-0245 has the same rule), so that it can
    /// be read with netcat, too.
    var action: String? { text.hasPrefix("/me ") ? String(text.dropFirst(4)) : nil }
  }

  var message: Message? {
    if case .message(let message) = body { message } else { nil }
  }

  /// Whose message it is, or was.
  var author: Nickname? {
    switch body {
    case .message(let message): message.author
    case .removed(let author, _): author
    default: nil
    }
  }

  /// Whether it was said in the conversation, and not only told on this screen.
  var isSaid: Bool { body.isSaid }

  /// Comings and goings, which a reader may hide.
  var isPresence: Bool {
    switch body {
    case .presence, .away, .back: true
    case .message, .removed, .topic, .notice, .alert: false
    }
  }
}

extension TranscriptEntry.Body {
  /// About how many bytes it costs to keep, its entry included.
  var cost: Int {
    let text =
      switch self {
      case .message(let message): message.text.utf8.count
      case .topic(_, let text), .notice(let text), .alert(let text), .away(_, let text): text.utf8.count
      case .presence(let changes): changes.reduce(0) { $0 + $1.cost }
      case .removed, .back: 0
      }
    return text + 200
  }

  /// The longest text of a line of the client's own; lists that operators ask for have as much.
  private static let maximumNoticeBytes = 64 << 10
  /// What went wrong is told in a few rows, whoever's words it is told in.
  private static let maximumAlertBytes = 1024

  /// The same with no more text than such a line has.
  var bounded: Self {
    switch self {
    case .notice(let text): .notice(text.shortened(toBytes: Self.maximumNoticeBytes))
    case .alert(let text): .alert(text.shortened(toBytes: Self.maximumAlertBytes))
    case .message, .removed, .topic, .presence, .away, .back: self
    }
  }

  var isSaid: Bool {
    switch self {
    case .message, .removed, .topic: true
    case .notice, .alert, .presence, .away, .back: false
    }
  }

  /// How many messages it counts as. One that was taken away keeps its place.
  var messageCount: Int {
    switch self {
    case .message, .removed: 1
    case .topic, .notice, .alert, .presence, .away, .back: 0
    }
  }

  /// What is left of it when its text is taken away; nil where nobody said it.
  func removed(by name: Nickname?) -> Self? {
    switch self {
    case .message(let message): .removed(message.author, by: name)
    case .topic(let author, _): .removed(author, by: name)
    case .removed(let author, let known): .removed(author, by: known ?? name)
    case .notice, .alert, .presence, .away, .back: nil
    }
  }
}
