import ChatProtocol

/// A message that the hub accepted and the log is to store. It has no sequence number yet.
///
/// A value whose copies share one allocation: a message is handed on about ten times between the line that brings it
/// and the lines that carry it on, and copying its fields each time would cost more than storing it.
public struct NewMessage: Hashable, Sendable {
  private var content: Content

  struct Fields: Hashable, Sendable {
    var conversation: Conversation
    var author: Nickname
    var member: MemberID
    var reader: Nickname?
    var kind: MessageKind
    var text: String
  }

  /// Changed only while one value refers to it.
  private final class Content: @unchecked Sendable {
    var fields: Fields
    var key: IdempotencyKey?

    init(_ fields: Fields, _ key: IdempotencyKey?) {
      self.fields = fields
      self.key = key
    }
  }

  public init(
    conversation: Conversation, author: Nickname, member: MemberID, reader: Nickname? = nil, kind: MessageKind = .text,
    text: String, key: IdempotencyKey? = nil
  ) {
    content = Content(
      Fields(conversation: conversation, author: author, member: member, reader: reader, kind: kind, text: text), key)
  }

  var fields: Fields {
    _read { yield content.fields }
    _modify {
      unshare()
      yield &content.fields
    }
  }

  private mutating func unshare() {
    if !isKnownUniquelyReferenced(&content) { content = Content(content.fields, content.key) }
  }

  public var conversation: Conversation { content.fields.conversation }
  public var author: Nickname { content.fields.author }
  public var member: MemberID { content.fields.member }
  /// The recipient's name in a direct conversation; nil in a room.
  public var reader: Nickname? { content.fields.reader }
  public var kind: MessageKind { content.fields.kind }
  /// The text as the author wrote it; each reader's dialect decides how the text is written.
  public var text: String {
    get { content.fields.text }
    set { fields.text = newValue }
  }

  public var key: IdempotencyKey? {
    get { content.key }
    set {
      unshare()
      content.key = newValue
    }
  }

  public static func == (one: NewMessage, other: NewMessage) -> Bool {
    one.content === other.content || (one.content.fields == other.content.fields && one.key == other.key)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(content.fields)
    hasher.combine(key)
  }
}
