import ChatProtocol

/// One entry of a transcript.
struct TranscriptEntry: Hashable, Sendable {
  /// Ids ascend; scroll positions refer to them.
  let id: Int
  var time: Timestamp
  var body: Body
  /// The sequence number in the conversation; nil for local lines, and if the server does not number messages.
  var sequence: Int?
  /// The number of messages up to and including this entry; the count between two entries is the difference.
  var messageCount: Int

  enum Body: Hashable, Sendable {
    case message(Message)
    /// A redacted message of this author.
    /// - Parameter by: nil if the server did not say.
    case redacted(Nickname, by: Nickname?)
    /// A user set or removed the topic of the room.
    case topic(Nickname, String)
    /// A line of the program, shown dim.
    case notice(String)
    /// An error.
    case alert(String)
    /// Consecutive joins and leaves.
    case presence([PresenceChange])
    case away(Nickname, text: String)
    case back(Nickname)
  }

  struct Message: Hashable, Sendable {
    var author: Nickname
    var text: String
    var isOwn: Bool
    /// Whether the message contains the user's name.
    var isMention: Bool

    /// The action of a text that begins with `/me ` (as in XEP-0245), which is readable with netcat too.
    var action: String? { isAction ? String(text.dropFirst(4)) : nil }
    var isAction: Bool { text.utf8.starts(with: "/me ".utf8) }
  }

  var message: Message? {
    if case .message(let message) = body { message } else { nil }
  }

  /// The author of the message, redacted or not.
  var author: Nickname? {
    switch body {
    case .message(let message): message.author
    case .redacted(let author, _): author
    default: nil
    }
  }

  /// Whether the entry belongs to the conversation, and is not a local line.
  var isSaid: Bool { body.isSaid }
}

extension TranscriptEntry.Body {
  /// The approximate memory it takes with its entry, in bytes.
  var cost: Int {
    let text =
      switch self {
      case .message(let message): message.text.utf8.count
      case .topic(_, let text), .notice(let text), .alert(let text), .away(_, let text): text.utf8.count
      case .presence(let changes): changes.reduce(0) { $0 + $1.cost }
      case .redacted, .back: 0
      }
    return text + 200
  }

  /// The length of the author's name; 0 for entries without an author.
  var authorBytes: Int {
    switch self {
    case .message(let message): message.author.text.utf8.count
    case .redacted(let author, _): author.text.utf8.count
    case .topic, .notice, .alert, .presence, .away, .back: 0
    }
  }

  /// The limit for a line of the client; the lists that operators request can be that long.
  private static let maximumNoticeBytes = 64 << 10
  /// The limit for an error line, so that it takes only a few rows.
  private static let maximumAlertBytes = 1024

  /// The same body with its text cut to the limit of its kind.
  var bounded: Self {
    switch self {
    case .notice(let text): .notice(text.shortened(toBytes: Self.maximumNoticeBytes))
    case .alert(let text): .alert(text.shortened(toBytes: Self.maximumAlertBytes))
    case .message, .redacted, .topic, .presence, .away, .back: self
    }
  }

  /// Whether it reports a join, a leave or an away message, which the user may hide.
  var isPresence: Bool {
    switch self {
    case .presence, .away, .back: true
    case .message, .redacted, .topic, .notice, .alert: false
    }
  }

  var isSaid: Bool {
    switch self {
    case .message, .redacted, .topic: true
    case .notice, .alert, .presence, .away, .back: false
    }
  }

  /// The number of messages that the body counts as. A redacted message still counts.
  var messageCount: Int {
    switch self {
    case .message, .redacted: 1
    case .topic, .notice, .alert, .presence, .away, .back: 0
    }
  }

  /// The body after its redaction; nil for local lines.
  func redacted(by name: Nickname?) -> Self? {
    switch self {
    case .message(let message): .redacted(message.author, by: name)
    case .topic(let author, _): .redacted(author, by: name)
    case .redacted(let author, let known): .redacted(author, by: known ?? name)
    case .notice, .alert, .presence, .away, .back: nil
    }
  }
}
