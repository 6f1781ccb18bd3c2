import ChatProtocol
import NIOCore

extension StoredMessage {
  /// Appends the line that the members of the message's room receive: `MSG`, or `TOPIC` for a new topic. For a session
  /// with `tags` the line starts with the message's time and position. Appends nothing if the capabilities include no
  /// form for the message.
  ///
  /// The result equals that of writing a `ServerMessage` with `Tags`, without creating a string for each number.
  public func write(into buffer: inout ByteBuffer, for capabilities: Capabilities) {
    guard isKnown(in: capabilities) else { return }
    if capabilities.contains(.tags) { writeTags(into: &buffer) }
    let message: ServerMessage =
      switch kind {
      case .text: .message(from: author, text: text)
      case .topic: .topic(from: author, text: text)
      case .redacted: .message(from: author, text: Self.redactedText)
      }
    message.write(into: &buffer, for: capabilities)
  }

  /// Whether sessions with these capabilities receive the message.
  public func isKnown(in capabilities: Capabilities) -> Bool { kind != .topic || capabilities.contains(.rooms) }

  /// The kind of line that the members of the message's room receive.
  public var shared: SharedLine { kind == .topic ? .topic : .message }

  /// The text shown for a redacted message.
  public static let redactedText = "(removed)"

  private func writeTags(into buffer: inout ByteBuffer) {
    var room: RoomName?
    if case .room(let name) = conversation { room = name }
    MessageTags(time: time, sequence: sequence, id: id, room: room, isRedacted: kind == .redacted).write(into: &buffer)
  }
}
