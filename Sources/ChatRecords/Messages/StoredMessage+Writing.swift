import ChatProtocol
import NIOCore

extension StoredMessage {
  /// Appends the line that the members of the message's room receive: `MSG`, or `TOPIC` for a new topic; several lines
  /// if the message has several and the session cannot receive them as one. For a session with `tags` each line starts
  /// with the message's time and position. Appends nothing if the capabilities include no form for the message.
  ///
  /// The result equals that of writing a `ServerMessage` with `Tags`, without creating a string for each number.
  public func write(into buffer: inout ByteBuffer, for capabilities: Capabilities) {
    guard isKnown(in: capabilities) else { return }
    let message: ServerMessage =
      switch kind {
      case .text: .message(from: author, text: text)
      case .topic: .topic(from: author, text: text)
      case .redacted: .message(from: author, text: Self.redactedText)
      }
    func write(_ line: ServerMessage, _ form: LineForm) {
      if capabilities.contains(.tags) { writeTags(form, into: &buffer) }
      line.writeOneLine(into: &buffer, for: capabilities)
    }
    guard let lines = message.lines(for: capabilities) else { return write(message, .verbatim) }
    for (line, form) in lines { write(line, form) }
  }

  /// Whether sessions with these capabilities receive the message.
  public func isKnown(in capabilities: Capabilities) -> Bool { kind != .topic || capabilities.contains(.rooms) }

  /// The kind of line that the members of the message's room receive.
  public var shared: SharedLine { kind == .topic ? .topic : .message }

  /// The text shown for a redacted message.
  public static let redactedText = "(removed)"

  private func writeTags(_ form: LineForm, into buffer: inout ByteBuffer) {
    var room: RoomName?
    if case .room(let name) = conversation { room = name }
    MessageTags(
      time: time, sequence: sequence, id: id, room: room, isRedacted: kind == .redacted, form: form
    ).write(into: &buffer)
  }
}
