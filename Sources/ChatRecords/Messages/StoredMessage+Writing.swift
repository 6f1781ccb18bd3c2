import ChatProtocol
import NIOCore

extension StoredMessage {
  /// Appends the line that the members of the message's room receive: `MSG`, or `TOPIC` for a new topic. For a session
  /// with `tags` the line starts with the message's time and position. Appends nothing for a dialect without a form for
  /// the message.
  ///
  /// The result equals that of writing a `ServerMessage` with `Tags`, without creating a string for each number.
  public func write(into buffer: inout ByteBuffer, for dialect: Capabilities) {
    guard isKnown(in: dialect) else { return }
    if dialect.contains(.tags) { writeTags(into: &buffer) }
    let message: ServerMessage =
      switch kind {
      case .text: .message(from: author, text: text)
      case .topic: .topic(from: author, text: text)
      case .removed: .message(from: author, text: Self.removedText)
      }
    message.write(into: &buffer, for: dialect)
  }

  /// Whether sessions with these capabilities receive the message.
  public func isKnown(in dialect: Capabilities) -> Bool { kind != .topic || dialect.contains(.rooms) }

  /// The kind of line that the members of the message's room receive.
  public var shared: SharedLine { kind == .topic ? .topic : .message }

  /// The text shown for a removed message.
  public static let removedText = "(removed)"

  private func writeTags(into buffer: inout ByteBuffer) {
    var room: RoomName?
    if case .room(let name) = conversation { room = name }
    MessageTags(time: time, sequence: sequence, id: id, room: room, isRemoved: kind == .removed).write(into: &buffer)
  }
}
