import NIOCore

// Messages of several lines, on one line with the tag `lines`.

extension ClientMessage {
  /// The text of a message to others; nil for other requests.
  private var messageText: String? {
    switch self {
    case .message(let text), .direct(_, let text), .say(_, let text): text
    default: nil
    }
  }

  private func with(messageText text: String) -> ClientMessage {
    switch self {
    case .message: .message(text)
    case .direct(let name, _): .direct(to: name, text: text)
    case .say(let target, _): .say(target, text: text)
    default: self
    }
  }

  /// The message with its text escaped; nil if it has one line.
  var withEscapedLines: ClientMessage? {
    guard let text = messageText, MessageLines.areSeveral(in: text) else { return nil }
    return with(messageText: MessageLines.escaped(text))
  }

  /// The message whose text was escaped.
  func withUnescapedLines() throws(RequestError) -> ClientMessage {
    guard let text = messageText else { return self }
    let unescaped = MessageLines.normalized(MessageLines.unescaped(text))
    guard !unescaped.isEmpty else { throw RequestError(verb == .direct ? .invalidDirectFormat : .emptyMessage) }
    guard MessageLines.count(of: unescaped) <= MessageLines.maximum else { throw RequestError(.tooManyLines) }
    let message = with(messageText: unescaped)
    // Readers get a lone backslash as two bytes, and their lines are no longer than those of clients.
    if MessageLines.areSeveral(in: unescaped), message.lineBytes > LineLimits().line {
      throw RequestError(.lineTooLong)
    }
    return message
  }

  /// The length of the line in bytes, without tags and line end.
  public var lineBytes: Int {
    var buffer = ByteBuffer()
    (withEscapedLines ?? self).write(into: &buffer)
    return buffer.readableBytes - 1
  }

  /// The number of bytes by which the line is too long; at most 0 if it fits.
  public var excessBytes: Int { lineBytes - LineLimits().line }
}
