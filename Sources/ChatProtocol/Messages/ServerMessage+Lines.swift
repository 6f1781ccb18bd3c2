// Messages of several lines. Sessions with `lines` receive one line with the tag `lines`, all others a line for each
// line that is not blank. Of these only the last one carries the tag `seq`, so that a reader has the whole message when
// its cursor reaches the number; the others carry the number as the tag `part`.

/// The form in which a line from the server carries a message's text.
public enum LineForm: Hashable, Sendable {
  /// The whole text or its last part, verbatim.
  case verbatim
  /// The whole text, escaped.
  case escaped
  /// A part of the text, verbatim; other parts follow.
  case part
}

extension ServerMessage {
  /// The lines in which sessions with these capabilities receive a message of several lines; nil for any other message.
  public func lines(for capabilities: Capabilities) -> [(line: ServerMessage, form: LineForm)]? {
    guard let text = messageText, MessageLines.areSeveral(in: text) else { return nil }
    guard !capabilities.contains(.lines) else { return [(with(messageText: MessageLines.escaped(text)), .escaped)] }
    let lines = MessageLines.nonBlank(of: text)
    return lines.enumerated().map { (with(messageText: $1), $0 + 1 < lines.count ? .part : .verbatim) }
  }

  /// The message whose text was escaped.
  func withUnescapedLines() -> ServerMessage {
    messageText.map { with(messageText: MessageLines.limited(MessageLines.unescaped($0))) } ?? self
  }

  private var messageText: String? {
    switch self {
    case .message(_, let text), .direct(_, let text): text
    default: nil
    }
  }

  private func with(messageText text: String) -> ServerMessage {
    switch self {
    case .message(let name, _): .message(from: name, text: text)
    case .direct(let name, _): .direct(from: name, text: text)
    default: self
    }
  }
}

extension Tags {
  /// The text of the message is escaped, so that it can have several lines.
  public var hasLines: Bool {
    get { self["lines"] != nil }
    set { self["lines"] = newValue ? "" : nil }
  }

  /// Adapts the tags of a message to one of the lines that carry it.
  mutating func mark(_ form: LineForm) {
    switch form {
    case .verbatim: break
    case .escaped: hasLines = true
    case .part: rename("seq", to: "part")
    }
  }
}
