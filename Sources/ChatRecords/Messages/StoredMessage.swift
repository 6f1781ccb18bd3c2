import ChatProtocol

/// A message that the log has stored. Messages of a room are published only after they are stored.
///
/// Copies share the allocation of the `NewMessage`.
public struct StoredMessage: Hashable, Sendable {
  /// Position in the whole log: increasing, not dense.
  public var id: Int
  /// Position in the conversation: dense from 1.
  public var sequence: Int
  /// The time at which the message was stored.
  public var time: Timestamp
  private var message: NewMessage

  public init(_ message: NewMessage, id: Int, sequence: Int, time: Timestamp) {
    self.id = id
    self.sequence = sequence
    self.time = time
    self.message = message
  }

  public var conversation: Conversation { message.conversation }
  public var author: Nickname { message.author }
  public var member: MemberID { message.member }
  /// The recipient's name in a direct conversation; nil in a room.
  public var reader: Nickname? { message.reader }

  public var kind: MessageKind {
    get { message.kind }
    set { message.fields.kind = newValue }
  }

  public var text: String {
    get { message.text }
    set { message.fields.text = newValue }
  }

  /// The message after its redaction: without its text.
  public var redacted: StoredMessage {
    var message = self
    message.kind = .redacted
    message.text = ""
    return message
  }

  /// The size of the message in an answer, for limits: the bytes of its text, and the tags and names that are repeated
  /// for each further line of it.
  public var answerBytes: Int {
    text.utf8.count + (MessageLines.nonBlankCount(of: text) - 1) * Self.bytesPerFurtherLine
  }

  /// Tags with a time, a sequence, an id, a room, a batch and a reader, and two names of the maximum length.
  private static let bytesPerFurtherLine = 256

  // The idempotency key belongs to the request, and is not read back from a disk.

  public static func == (one: StoredMessage, other: StoredMessage) -> Bool {
    one.id == other.id && one.sequence == other.sequence && one.time == other.time
      && one.message.fields == other.message.fields
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(sequence)
    hasher.combine(time)
    hasher.combine(message.fields)
  }
}
